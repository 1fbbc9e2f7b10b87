import { toAppError } from '../core/error.ts';
import type { Clock, Log, RecordingBytes, Speech } from '../core/ports.ts';
import type { Transcription } from '../core/transcription.ts';
import { channelsAreParties, isMono, isPhaseInverted } from './channels.ts';
import { containerFilter } from './container/filter.ts';
import type { ContainerFacts } from './container/types.ts';
import { detectContent } from './content.ts';
import {
  EngineFault,
  emptyRecording,
  engineFailed,
  engineTooSlow,
  logFailure,
  notARecording,
  stopped,
} from './errors.ts';
import { type Intake, openIntake } from './intake.ts';
import { onTheClockOf } from './offset.ts';
import { parseResponse } from './response.ts';
import type { Hearing, RestApi } from './rest-api.ts';
import { upload } from './upload.ts';
import { readWavBeginning } from './wav.ts';

export interface HearOptions {
  /** Set when the engine is known to separate speakers poorly. */
  readonly approximateSpeakers?: boolean;
  /** Whole sentences for the reader of every transcript of this engine. */
  readonly remarks?: readonly string[];
  /** How long the engine may take no bytes during an upload. Default 2 minutes. */
  readonly stallMs?: number;
  readonly clock: Clock;
  readonly log: Log;
}

interface PassOptions {
  /** The audio track to hear, from 0, in containers with several. */
  readonly track: number;
  /** When left out, the beginning decides. */
  readonly hearing?: Hearing;
  readonly signal: AbortSignal;
  readonly progress: Parameters<Speech['transcribe']>[1]['progress'];
}

/** One upload of a recording, and what came of it. */
export interface Pass {
  /** May have no words. */
  readonly transcription: Transcription;
  readonly facts: ContainerFacts | null;
  readonly hearing: Hearing;
  /** Known to have one channel only. */
  readonly mono: boolean;
}

export type Hear = (recording: RecordingBytes, options: PassOptions) => Promise<Pass>;

const DEFAULT_STALL_MS = 120_000;

/** @throws AppError of `errors.ts`, or what the source threw */
export const createHear = (options: HearOptions, engine: RestApi, timeoutMs: number): Hear => {
  const { clock, log, stallMs = DEFAULT_STALL_MS } = options;

  /** `ending` holds the first reason to end early, as the error to throw. */
  const run = async (
    intake: Intake,
    { track, progress, kind, ...wanted }: PassOptions & { readonly kind: 'recording' | 'call' },
    ending: AbortController,
  ): Promise<Pass> => {
    const { beginning } = intake;
    const contentType = await contentTypeOf(intake);
    const hearing = wanted.hearing ?? hearingOf(beginning);
    const filter = containerFilter(beginning, track);
    const response = await engine.transcribe(
      {
        data: upload(intake, { ending, stallMs, progress, clock, filter }),
        contentType,
        sizeBytes: intake.sizeBytes,
        kind,
      },
      hearing,
      ending.signal,
    );
    const parsed = parseResponse(response, {
      hearing,
      approximateSpeakers: options.approximateSpeakers ?? false,
      remarks: options.remarks ?? [],
    });
    if (parsed === null) throw engineFailed(new EngineFault(200, 'unreadable response', null));
    const facts = filter?.facts() ?? null;
    const transcription = onTheClockOf(facts, parsed.transcription);
    const { durationMs, words } = transcription;
    log.info(
      { requestId: parsed.requestId, hearing, track, words: words.length, durationMs },
      'speech: recording transcribed',
    );
    return { transcription, facts, hearing, mono: isMono(beginning) };
  };

  return async (recording, passOptions) => {
    const { signal } = passOptions;
    const ending = new AbortController();
    const onStop = (): void => ending.abort(stopped(signal.reason));
    const cancelDeadline = clock.after(timeoutMs, () => ending.abort(engineTooSlow()));
    if (signal.aborted) onStop();
    else signal.addEventListener('abort', onStop, { once: true });

    let intake: Intake | null = null;
    try {
      intake = await openIntake(recording, ending.signal);
      const hearing = recording.partyPerChannel === undefined ? {} : { hearing: partiesOrMixed(recording) };
      // Only calls are known to have a party a channel before they are heard.
      const kind = recording.partyPerChannel === true ? 'call' : 'recording';
      return await run(intake, { ...hearing, ...passOptions, kind }, ending);
    } catch (thrown) {
      const error = ending.signal.aborted ? ending.signal.reason : toAppError(thrown);
      logFailure(log, error);
      throw error;
    } finally {
      cancelDeadline();
      signal.removeEventListener('abort', onStop);
      // A request that the engine refused early is half sent; this ends it, and the timers of its upload.
      ending.abort();
      intake?.close();
    }
  };
};

const partiesOrMixed = ({ partyPerChannel }: RecordingBytes): Hearing =>
  partyPerChannel === true ? 'parties' : 'mixed';

const hearingOf = (beginning: Uint8Array): Hearing =>
  isPhaseInverted(beginning) ? 'apart' : channelsAreParties(beginning) ? 'parties' : 'mixed';

/**
 * What is known to be no recording is refused; what is not recognised is the engine's to judge, since its name, its
 * declared type or a person says that it is one.
 */
const contentTypeOf = async ({ beginning, sizeBytes }: Intake): Promise<string> => {
  const content = await detectContent(beginning);
  if (content.kind === 'other') throw notARecording(content.looksLike);
  const isWhole = sizeBytes === beginning.length;
  if (isWhole && readWavBeginning(beginning)?.frames === 0) throw emptyRecording();
  return content.kind === 'recording' ? content.mimeType : 'application/octet-stream';
};
