import type { MeetingLine, MeetingParty } from '../../../core/meeting/lines.ts';
import { createSpeakingTime } from '../../../core/meeting/speaking-time.ts';
import type { AudioSink, LiveOptions, Room } from '../../../core/ports.ts';
import type { FlowParts } from '../../parts.ts';
import type { PostedMeeting } from '../posted-meeting.ts';
import { createLineLog, type LineLog } from './line-log.ts';
import { createThreadCaptions } from './thread-captions.ts';
import { createSpeakerTranscriptions } from './transcription.ts';

/** What is said in a meeting: heard, stored, shown on the pages and in the thread, and counted. */
export interface CaptionPipeline {
  ear(party: number, audio: LiveOptions['audio']): AudioSink;
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

export const openCaptionPipeline = async (
  parts: FlowParts,
  options: {
    readonly conversation: PostedMeeting;
    /** What was said before, in an earlier process. */
    readonly known: readonly MeetingLine[];
    readonly parties: () => readonly MeetingParty[];
    readonly room: () => Room;
    /** Gives up what cannot be stored. */
    readonly signal: AbortSignal;
    /** Another copy writes this meeting's lines. */
    readonly onRefused: () => void;
  },
): Promise<CaptionPipeline> => {
  const { store, log, speech } = parts;
  const { pace } = parts.meetings;
  const { conversation, known, room } = options;

  const speakingTime = createSpeakingTime();
  for (const { party, words } of known) speakingTime.add(party, words);
  let talkTimeTold = true;
  const telling = setInterval(() => {
    if (talkTimeTold) return;
    talkTimeTold = true;
    room().sendTalkTime(speakingTime.all());
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
  const listening = createSpeakerTranscriptions({
    speech,
    newStreamId: parts.newId,
    log,
    onCaption: (caption) => room().sendCaption(caption),
    onDelayed: (delayed) => room().setCaptionsDelayed(delayed),
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
