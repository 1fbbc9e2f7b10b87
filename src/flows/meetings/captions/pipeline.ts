import type { MeetingLine, MeetingParty } from '../../../core/meeting/lines.ts';
import { createSpeakingTime } from '../../../core/meeting/speaking-time.ts';
import type { Ear, LiveOptions, Room } from '../../../core/ports.ts';
import type { FlowParts } from '../../parts.ts';
import type { ShownMeeting } from '../posted-meeting.ts';
import { createLineLog, type LineLog } from './line-log.ts';
import { createThreadCaptions } from './thread-captions.ts';
import { createListening } from './transcription.ts';

/** What is said in a meeting: heard, stored, shown on the pages and in the thread, and counted. */
export interface MeetingWords {
  ear(party: number, audio: LiveOptions['audio']): Ear;
  /** Final captions after number `since`, as many as fit into an answer. */
  after(since: number): ReturnType<LineLog['after']>;
  /** Talk time is told once more, though nobody spoke. */
  tellTalkTime(): void;
  /** Every final has come and is stored when it resolves. Idempotent, as all that close. */
  close(): Promise<void>;
  /** Waits for nothing. */
  stop(): void;
}

/** Some 100 KiB at most, of the megabyte that may wait for one page. */
const LINES_AN_ANSWER = 400;

export const openWords = async (
  parts: FlowParts,
  options: {
    readonly conversation: ShownMeeting;
    /** What was said before, in an earlier process. */
    readonly known: readonly MeetingLine[];
    readonly parties: () => readonly MeetingParty[];
    readonly room: () => Room;
    /** Gives up what cannot be stored. */
    readonly signal: AbortSignal;
    /** Another copy writes this meeting's lines. */
    readonly onRefused: () => void;
  },
): Promise<MeetingWords> => {
  const { store, log, speech } = parts;
  const { pace } = parts.meetings;
  const { conversation, known, room } = options;

  const speakingTime = createSpeakingTime();
  for (const { party, words } of known) speakingTime.add(party, words);
  let talkTimeTold = true;
  const telling = setInterval(() => {
    if (talkTimeTold) return;
    talkTimeTold = true;
    room().talkTime(speakingTime.all());
  }, pace.talkTimeEveryMs);

  const captions = await createThreadCaptions(parts, {
    conversation,
    known,
    parties: options.parties,
    everyMs: pace.editEveryMs,
  }).catch((error: unknown) => {
    clearInterval(telling);
    throw error;
  });
  const lines = createLineLog({
    id: conversation.id,
    known,
    store,
    log,
    signal: options.signal,
    onStored: (safe) => captions.add(safe),
    onRefused: options.onRefused,
  });
  const listening = createListening({
    speech,
    newStreamId: parts.newId,
    log,
    onCaption: (caption) => room().caption(caption),
    onDelayed: (delayed) => room().captionsDelayed(delayed),
    onLine(line) {
      lines.add(line);
      speakingTime.add(line.party, line.words);
      talkTimeTold = false;
    },
  });

  return {
    ear: (party, audio) => listening.ear(party, audio),
    after: (since) => lines.after(since, LINES_AN_ANSWER),
    tellTalkTime() {
      talkTimeTold = false;
    },
    async close() {
      clearInterval(telling);
      await listening.close();
      await lines.stored();
      await captions.close();
    },
    stop: () => clearInterval(telling),
  };
};
