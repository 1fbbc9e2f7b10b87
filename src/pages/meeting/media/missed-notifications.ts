import type { ConsumerOffer, Notification } from '../../../media/signalling/messages.ts';

/**
 * The notifications that were not sent while the channel was lost, from the consumers that the server has now: which
 * of `known` closed, which are new, and whether the others are paused.
 */
export const missedNotifications = (
  known: Iterable<string>,
  consumers: readonly ConsumerOffer[],
): readonly Notification[] => {
  const before = new Set(known);
  const now = new Set(consumers.map(({ consumerId }) => consumerId));
  return [
    ...[...before]
      .filter((consumerId) => !now.has(consumerId))
      .map((consumerId): Notification => ({ notification: 'consumerClosed', consumerId })),
    ...consumers.map((offer): Notification => {
      const { consumerId, paused } = offer;
      if (!before.has(consumerId)) return { notification: 'newConsumer', ...offer };
      return { notification: paused ? 'consumerPaused' : 'consumerResumed', consumerId };
    }),
  ];
};
