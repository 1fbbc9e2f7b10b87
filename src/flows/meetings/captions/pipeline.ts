import type { MeetingLine, MeetingParty } from '../../../core/meeting/lines.ts';
import { createSpeakingTime } from '../../../core/meeting/speaking-time.ts';
import type { AudioSink, Clock, LiveOptions, Log, Room, Speech } from '../../../core/ports.ts';
import type { Posting } from '../../results/status-message.ts';
import type { PostedMeeting } from '../../util/conversations.ts';
import type { EditBudget } from '../../util/edit-budget.ts';
import type { MeetingTiming } from '../timing.ts';
import type { MeetingWrites } from '../writes.ts';
import { createCaptionGaps } from './gaps.ts';
import { createLineLog, type LineLog } from './line-log.ts';
import { createThreadCaptions } from './thread-captions.ts';
import { createSpeakerTranscriptions } from './transcription.ts';

/** Speech in a meeting: transcribed, stored, shown on the pages and in the thread, and counted. */
export interface CaptionPipeline extends AsyncDisposable {
  openSink(party: number, audio: LiveOptions['audio']): AudioSink;
  /** Final captions after number `since`, as many as fit into an answer. */
  after(since: number): ReturnType<LineLog['after']>;
  /** Sends talk time once more, for a page that has none. */
  resendTalkTime(): void;
}

export interface CaptionPorts extends Posting {
  readonly speech: Speech;
  readonly edits: EditBudget;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: () => string;
  readonly timing: MeetingTiming;
}

/** Some 100 KiB at most, of the megabyte that may be queued for one page. */
const LINES_PER_ANSWER = 400;

/** To be disposed once its sinks are closed: then every final has arrived and is stored, and nothing is written. */
export const openCaptionPipeline = async (
  ports: CaptionPorts,
  options: {
    readonly conversation: PostedMeeting;
    /** Lines from earlier processes. */
    readonly known: readonly MeetingLine[];
    readonly parties: () => readonly MeetingParty[];
    readonly room: () => Room;
    readonly retryUntilStored: MeetingWrites['retryUntilStored'];
    /** Whether lines wait to be stored. */
    readonly onUnsaved: (unsaved: boolean) => void;
    /** Another instance may write this meeting's lines. */
    readonly onRefused: () => void;
  },
): Promise<CaptionPipeline> => {
  const { speech, clock, log, newId, timing } = ports;
  const { conversation, known, room } = options;
  await using opening = new AsyncDisposableStack();

  const threadCaptions = await createThreadCaptions(ports, {
    conversation,
    known,
    parties: options.parties,
    everyMs: timing.editEveryMs,
  });
  opening.defer(() => threadCaptions.close());
  const lines = createLineLog({
    id: conversation.id,
    known,
    retryUntilStored: options.retryUntilStored,
    clock,
    log,
    onUnsaved(unsaved) {
      room().setCaptionsUnsaved(unsaved);
      options.onUnsaved(unsaved);
    },
    onStored: (stored) => threadCaptions.add(stored),
    onRefused: options.onRefused,
  });
  opening.defer(() => lines.stored());

  const speakingTime = createSpeakingTime();
  for (const { party, words } of known) speakingTime.add(party, words);
  let isTalkTimeSent = true;
  const gaps = createCaptionGaps(ports, { conversation, parties: options.parties, key: newId() });
  opening.defer(() => gaps.tell());
  const transcriptions = createSpeakerTranscriptions({
    speech,
    kind: conversation.kind,
    newStreamId: newId,
    log,
    onCaption: (caption) => room().sendCaption(caption),
    onLost: (party, lostMs) => gaps.add(party, lostMs),
    onDelayed: (delayed) => room().setCaptionsDelayed(delayed),
    onLine(line) {
      lines.add(line);
      speakingTime.add(line.party, line.words);
      isTalkTimeSent = false;
    },
  });
  opening.defer(() => transcriptions.close());
  opening.defer(
    clock.every(timing.talkTimeEveryMs, () => {
      if (isTalkTimeSent) return;
      isTalkTimeSent = true;
      room().sendTalkTime(speakingTime.all());
    }),
  );

  const resources = opening.move();
  return {
    openSink: (party, audio) => transcriptions.open(party, audio),
    after: (since) => lines.after(since, LINES_PER_ANSWER),
    resendTalkTime() {
      isTalkTimeSent = false;
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};
