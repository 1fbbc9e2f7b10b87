import type { Device } from 'mediasoup-client';
import type {
  ConsumerOffer,
  JoinResponse,
  Notification,
  TransportIds,
} from '../../../media/signalling/messages.ts';
import { createObservable, type Observable } from '../../shared/observable.ts';
import { RequestRefused } from '../../shared/request-channel.ts';
import type { Channel } from '../signalling/channel.ts';
import type { Store } from '../state/store.ts';
import { type Media, openMedia } from './media.ts';
import { missedNotifications } from './missed-notifications.ts';
import { createVideoSubscriptions, type VideoSubscriptions } from './video-subscriptions.ts';

/** The page's media over the channels of a meeting: resumed while its transports are connected, else opened again. */
export interface ResumableMedia {
  /** Null while there is none. Remote tracks are new whenever it changes. */
  readonly current: Observable<Media | null>;
  readonly videoSubscriptions: VideoSubscriptions;
  /** For `join`: the transports to keep. */
  transports(): TransportIds | null;
  /** Continues on another channel. False when there is nothing to resume; then `open` it. */
  resume(channel: Channel, join: JoinResponse): boolean;
  /** Opens new transports. @throws RequestRefused, ChannelLost */
  open(channel: Channel, iceServers: JoinResponse['iceServers']): Promise<void>;
  handleNotification(notification: Notification): void;
  /** Idempotent; may be opened again. */
  close(): void;
}

export const createResumableMedia = (options: {
  readonly store: Store;
  readonly device: () => Promise<Device>;
  /** Handles the notifications that were missed while the channel was lost. */
  readonly notify: (notification: Notification) => void;
  /** A transport failed for good: everything is to be opened again, on another channel. */
  readonly failed: () => void;
  /** Runs requests, and shows a refusal. */
  readonly attempt: (work: () => Promise<unknown>) => Promise<void>;
}): ResumableMedia => {
  const { attempt } = options;
  const { dispatch } = options.store;
  const current = createObservable<Media | null>(null);
  let channel: Channel | null = null;
  /** Open or being opened; offers that come early wait for it. */
  let opening: Promise<Media> | null = null;

  /** A consumer may have closed by the time of a request about it; that is no error. */
  const requestForConsumer = (work: (open: Channel) => Promise<unknown>): Promise<void> =>
    attempt(async () => {
      try {
        if (channel !== null) await work(channel);
      } catch (error) {
        if (!(error instanceof RequestRefused && error.code === 'not-found')) throw error;
      }
    });
  const resumeConsumer = (consumerId: string): Promise<void> =>
    requestForConsumer((open) => open.request('resumeConsumer', { consumerId }));
  const videoSubscriptions = createVideoSubscriptions(requestForConsumer);

  const consume = async (offer: ConsumerOffer): Promise<void> => {
    const awaited = opening;
    const media = await awaited;
    const consumer = await media?.consume(offer);
    if (opening !== awaited || consumer === undefined || consumer === null) return;
    const { consumerId, peerId, source, kind } = offer;
    dispatch({ type: 'stream-added', stream: { consumerId, peerId, source, paused: consumer.paused } });
    // Audio plays at once, video when its tile is on the screen.
    if (kind === 'audio') await resumeConsumer(consumerId);
  };

  const resumable: ResumableMedia = {
    current,
    videoSubscriptions,
    transports: () => current.get()?.transports() ?? null,
    resume(next, join) {
      const media = current.get();
      // A transport that was connected when it was offered may have failed since.
      if (media === null || join.media === null || media.transports() === null) return false;
      channel = next;
      const { muted } = media.resume(next, join.media, join.iceServers);
      if (muted) dispatch({ type: 'local-media', change: { microphone: 'muted' } });
      for (const missed of missedNotifications(media.consumerIds(), join.media.received)) {
        options.notify(missed);
      }
      // The last requests on the lost channel may not have arrived.
      for (const consumerId of media.audioConsumerIds()) void resumeConsumer(consumerId);
      videoSubscriptions.resend();
      return true;
    },
    async open(next, iceServers) {
      resumable.close();
      channel = next;
      const thisOpening = openMedia({
        device: await options.device(),
        channel: next,
        iceServers,
        failed: () => {
          if (opening === thisOpening) options.failed();
        },
      });
      opening = thisOpening;
      const media = await thisOpening;
      if (opening === thisOpening) current.set(media);
      else media.close();
    },
    handleNotification(notification) {
      const media = current.get();
      switch (notification.notification) {
        case 'newConsumer':
          return void attempt(() => consume(notification));
        case 'consumerPaused':
          return media?.setSenderPaused(notification.consumerId, true);
        case 'consumerResumed':
          return media?.setSenderPaused(notification.consumerId, false);
        case 'consumerClosed':
          media?.closeConsumer(notification.consumerId);
          return videoSubscriptions.remove(notification.consumerId);
        case 'youWereMuted':
          return media?.markPaused('microphone');
        default:
      }
    },
    close() {
      opening = null;
      current.get()?.close();
      current.set(null);
      videoSubscriptions.clear();
      dispatch({ type: 'media-closed' });
    },
  };
  return resumable;
};
