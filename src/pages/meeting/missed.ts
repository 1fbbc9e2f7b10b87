import type { ConsumerOffer, Notification } from '../../media/signalling/messages.ts';

/**
 * What was not told while the line was broken, from what the server says is received now: the streams in `known` that
 * ended, those that are new, and how the others are.
 */
export const missed = (
  known: Iterable<string>,
  received: readonly ConsumerOffer[],
): readonly Notification[] => {
  const before = new Set(known);
  const now = new Set(received.map(({ consumerId }) => consumerId));
  return [
    ...[...before]
      .filter((consumerId) => !now.has(consumerId))
      .map((consumerId) => ({ notification: 'consumerClosed', consumerId }) as const),
    ...received.map((offered): Notification => {
      const { consumerId, paused } = offered;
      if (!before.has(consumerId)) return { notification: 'newConsumer', ...offered };
      return { notification: paused ? 'consumerPaused' : 'consumerResumed', consumerId };
    }),
  ];
};
