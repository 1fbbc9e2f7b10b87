import { SOMETHING_WENT_WRONG } from './sentences.ts';

/** Why a request was refused, for the page's own decisions. */
export type RefusalCode =
  | 'bad-request' // not a message of the protocol, or numbers out of bounds
  | 'wrong-order' // before joining, twice, or with something that is closed
  | 'not-found' // a producer, consumer or transport that this peer does not have
  | 'not-allowed' // only for the host, or refused by the rest of Parley
  | 'no-consent' // audio before consent to captions
  | 'unsupported' // media that the room does not support
  | 'full'
  | 'failed'; // our side

/** Why a request was refused, as it goes over the wire. */
export interface Refusal {
  readonly code: RefusalCode;
  /** For the page to show. */
  readonly sentence: string;
}

/** A request that is refused. */
export class Refused extends Error implements Refusal {
  readonly code: RefusalCode;
  readonly sentence: string;
  /** For the log; null when the sentence says it all. */
  readonly reason: string | null;

  /**
   * @param why a sentence for people, a reason for the log, or both. What no page of ours in its right order causes has
   * a reason alone: people then read that something went wrong.
   */
  constructor(
    code: RefusalCode,
    why: { readonly sentence?: string; readonly reason?: string; readonly cause?: unknown },
  ) {
    super(why.reason ?? why.sentence ?? code, why.cause === undefined ? {} : { cause: why.cause });
    this.name = 'Refused';
    this.code = code;
    this.sentence = why.sentence ?? SOMETHING_WENT_WRONG;
    this.reason = why.reason ?? null;
  }
}
