import { describe, expect, it } from 'vitest';
import type { ConsumerOffer } from '../../../../src/media/signalling/messages.ts';
import { missedNotifications } from '../../../../src/pages/meeting/media/missed-notifications.ts';

const offer = (consumerId: string, paused = false): ConsumerOffer => ({
  consumerId,
  producerId: `producer of ${consumerId}`,
  peerId: 'p1',
  source: 'microphone',
  kind: 'audio',
  rtpParameters: { codecs: [] },
  paused,
});

describe('missed notifications', () => {
  it.each<[string, string[], ConsumerOffer[], string[]]>([
    ['are none without consumers', [], [], []],
    ['name consumers that closed', ['a', 'b'], [offer('b')], ['consumerClosed a', 'consumerResumed b']],
    ['name new consumers', ['a'], [offer('a'), offer('b')], ['consumerResumed a', 'newConsumer b']],
    [
      'say which are paused',
      ['a', 'b'],
      [offer('a', true), offer('b')],
      ['consumerPaused a', 'consumerResumed b'],
    ],
    ['have closed ones before new ones', ['a'], [offer('b', true)], ['consumerClosed a', 'newConsumer b']],
  ])('%s', (_, known, consumers, expected) => {
    expect(
      missedNotifications(known, consumers).map((missed) =>
        'consumerId' in missed ? `${missed.notification} ${missed.consumerId}` : missed.notification,
      ),
    ).toEqual(expected);
  });

  it('hold what the server would have sent', () => {
    expect(missedNotifications([], [offer('a', true)])).toEqual([
      { notification: 'newConsumer', ...offer('a', true) },
    ]);
  });
});
