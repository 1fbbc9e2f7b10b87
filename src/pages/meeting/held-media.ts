import type { Device } from 'mediasoup-client';
import type {
  ConsumerOffer,
  JoinResponse,
  Notification,
  TransportIds,
} from '../../media/signalling/messages.ts';
import { type Box, createBox } from './box.ts';
import { type Channel, Refused } from './channel.ts';
import { type Media, openMedia } from './media.ts';
import { missed } from './missed.ts';
import type { Store } from './store.ts';
import { createWatched, type Watched } from './watched.ts';

/** The media of this page, held over broken lines for as long as its paths live, and else made anew. */
export interface HeldMedia {
  /** Changes whenever the tracks of others were made anew. */
  readonly box: Pick<Box<Media | null>, 'get' | 'subscribe'>;
  readonly watched: Watched;
  /** For `join`: what is to be kept. */
  transports(): TransportIds | null;
  /** Goes on where the line before broke. False when there is nothing to go on with; then `make` it. */
  takeUp(line: Channel, answer: JoinResponse): boolean;
  /** Makes it anew. @throws Refused, LineLost */
  make(line: Channel, iceServers: JoinResponse['iceServers']): Promise<void>;
  told(news: Notification): void;
  /** Idempotent; may be made again. */
  close(): void;
}

export const createHeldMedia = (options: {
  readonly store: Store;
  readonly device: () => Promise<Device>;
  /** Passes on what was not told while the line was broken. */
  readonly tell: (news: Notification) => void;
  /** Its paths are lost for good: everything is to be made anew, on another line. */
  readonly broken: () => void;
  /** Runs something that may be refused, or end with the line. */
  readonly attempt: (work: () => Promise<unknown>) => Promise<void>;
}): HeldMedia => {
  const { attempt } = options;
  const { dispatch } = options.store;
  const box = createBox<Media | null>(null);
  let line: Channel | null = null;
  /** What is there or being made; offers that come early wait for it. */
  let ready: Promise<Media> | null = null;

  /** Asks something of a stream, which may have ended by the time: then there is nothing to ask any more. */
  const ofStream = (work: (open: Channel) => Promise<unknown>): Promise<void> =>
    attempt(async () => {
      try {
        if (line !== null) await work(line);
      } catch (error) {
        if (!(error instanceof Refused && error.code === 'not-found')) throw error;
      }
    });
  const letFlow = (consumerId: string): Promise<void> =>
    ofStream((open) => open.request('resumeConsumer', { consumerId }));
  const watched = createWatched({ ask: ofStream });

  const receive = async (offered: ConsumerOffer): Promise<void> => {
    const waiting = ready;
    const media = await waiting;
    const received = await media?.receive(offered);
    if (ready !== waiting || received === undefined || received === null) return;
    const { consumerId, peerId, source, kind } = offered;
    dispatch({ type: 'received', stream: { consumerId, peerId, source, paused: received.paused } });
    // Voices flow at once; pictures when their tile is on the screen.
    if (kind === 'audio') await letFlow(consumerId);
  };

  const held: HeldMedia = {
    box,
    watched,
    transports: () => box.get()?.transports() ?? null,
    takeUp(open, answer) {
      const media = box.get();
      // What was whole when it was offered may have been spoiled since.
      if (media === null || answer.media === null || media.transports() === null) return false;
      line = open;
      const { muted } = media.takeUp(open, answer.media, answer.iceServers);
      if (muted) dispatch({ type: 'own', own: { microphone: 'muted' } });
      for (const news of missed(media.received(), answer.media.received)) options.tell(news);
      // What was asked last on the line before may not have arrived.
      for (const consumerId of media.voices()) void letFlow(consumerId);
      watched.again();
      return true;
    },
    async make(open, iceServers) {
      held.close();
      line = open;
      const opening = openMedia({
        device: await options.device(),
        line: open,
        iceServers,
        broken: () => {
          if (ready === opening) options.broken();
        },
      });
      ready = opening;
      const opened = await opening;
      if (ready === opening) box.set(opened);
      else opened.close();
    },
    told(news) {
      const media = box.get();
      if (news.notification === 'newConsumer') void attempt(() => receive(news));
      if (news.notification === 'consumerPaused') media?.senderPaused(news.consumerId, true);
      if (news.notification === 'consumerResumed') media?.senderPaused(news.consumerId, false);
      if (news.notification === 'youWereMuted') media?.pauseHere('microphone');
      if (news.notification !== 'consumerClosed') return;
      media?.forget(news.consumerId);
      watched.forget(news.consumerId);
    },
    close() {
      ready = null;
      box.get()?.close();
      box.set(null);
      watched.reset();
      dispatch({ type: 'media-gone' });
    },
  };
  return held;
};
