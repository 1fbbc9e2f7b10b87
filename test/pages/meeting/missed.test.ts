import { describe, expect, it } from 'vitest';
import type { ConsumerOffer } from '../../../src/media/signalling/messages.ts';
import { missed } from '../../../src/pages/meeting/missed.ts';

const offered = (consumerId: string, paused = false): ConsumerOffer => ({
  consumerId,
  producerId: `producer of ${consumerId}`,
  peerId: 'p1',
  source: 'microphone',
  kind: 'audio',
  rtpParameters: { codecs: [] },
  paused,
});

describe('what was not told', () => {
  it.each<[string, string[], ConsumerOffer[], string[]]>([
    ['nothing to those who receive nothing', [], [], []],
    ['what ended', ['a', 'b'], [offered('b')], ['consumerClosed a', 'consumerResumed b']],
    ['what began', ['a'], [offered('a'), offered('b')], ['consumerResumed a', 'newConsumer b']],
    [
      'who is muted, and who is not',
      ['a', 'b'],
      [offered('a', true), offered('b')],
      ['consumerPaused a', 'consumerResumed b'],
    ],
    ['ends before beginnings', ['a'], [offered('b', true)], ['consumerClosed a', 'newConsumer b']],
  ])('is %s', (_, known, received, expected) => {
    const told = missed(known, received);
    expect(
      told.map((news) =>
        'consumerId' in news ? `${news.notification} ${news.consumerId}` : news.notification,
      ),
    ).toEqual(expected);
  });

  it('is told as it would have been', () => {
    expect(missed([], [offered('a', true)])).toEqual([
      { notification: 'newConsumer', ...offered('a', true) },
    ]);
  });
});
