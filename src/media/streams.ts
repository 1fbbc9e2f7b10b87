import type { Consumer, Producer } from 'mediasoup/types';
import type { RoomRouter } from './routers.ts';

/** What a participant may send: at most one stream of each. */
export type Source = 'microphone' | 'camera' | 'screen';
/** As the browser sees it: it sends on one transport and receives on the other. */
export type Direction = 'send' | 'receive';

/** A stream into the room. */
export interface SentStream {
  readonly producer: Producer;
  readonly source: Source;
  readonly sender: Sender;
}

/** A stream out of the room, to one browser. */
export interface ReceivedStream {
  readonly consumer: Consumer;
  readonly sent: SentStream;
}

/** One participant's media in one router: a browser's, or a phone's. */
export interface Sender {
  readonly id: string;
  readonly roomRouter: RoomRouter;
  readonly sent: ReadonlyMap<Source, SentStream>;
  /** Idempotent. */
  close(): void;
}
