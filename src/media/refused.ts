/** Why a request of the page was refused, for the page's own decisions; people read the sentence. */
export type RefusalCode =
  | 'bad-request' // not a message of the protocol, or numbers out of bounds
  | 'wrong-order' // not now: before joining, twice, or with something that is gone
  | 'not-found' // names a producer, consumer or transport that this peer has not
  | 'not-allowed' // only the host may, or the host said no
  | 'no-consent' // audio before captions were agreed to
  | 'unsupported' // media that the room does not speak
  | 'full'
  | 'failed'; // our side

/** Why a request was refused, as it goes over the wire. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly sentence: string;
}

/** A request that is refused, in a sentence that the page may show. */
export class Refused extends Error {
  readonly code: RefusalCode;
  readonly sentence: string;

  constructor(code: RefusalCode, sentence: string, options?: ErrorOptions) {
    super(code, options);
    this.name = 'Refused';
    this.code = code;
    this.sentence = sentence;
  }
}
