import { describe, expect, it } from 'vitest';
import { behaviourDetail, speakersOf } from '../../../../sandbox/page/phones/behaviours.ts';

describe('recordings', () => {
  it('whose names differ in their last number are the turns of one speaker, in order', () => {
    const recordings = ['standup', 'ben-10', 'ben-2', 'shop-1', 'shop-2', 'take-1'];
    expect(speakersOf(recordings)).toEqual([
      { name: 'ben', turns: ['ben-2', 'ben-10'] },
      { name: 'shop', turns: ['shop-1', 'shop-2'] },
    ]);
  });

  it.each([
    [{ turns: [], hangsUp: false }, 'Stays silent, then stays on the line.'],
    [{ turns: ['ben-1', 'ben-2', 'ben-3'], hangsUp: true }, 'Plays ben-1 to ben-3, then hangs up.'],
    [{ turns: ['ben-2', 'ben-1'], hangsUp: true }, 'Plays ben-2, ben-1, then hangs up.'],
    [{ turns: ['ben-1', 'standup'], hangsUp: false }, 'Plays ben-1, standup, then stays on the line.'],
    [
      { turns: ['a'], hangsUp: false, keys: '12#' },
      'Plays a, presses 12# when asked, then stays on the line.',
    ],
  ])('are summarized: %j', (behaviour, sentence) => {
    expect(behaviourDetail({ type: 'answer', afterMs: 0, ...behaviour })).toBe(sentence);
  });
});
