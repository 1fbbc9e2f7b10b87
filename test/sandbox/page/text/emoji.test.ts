import { expect, it } from 'vitest';
import { emojiOf, shapeOf } from '../../../../sandbox/page/text/emoji.ts';

it('draws squares and circles, and finds all other emoji by name', () => {
  expect(shapeOf('large_blue_square')).toEqual({ shape: 'square', colour: '#55acee' });
  expect(shapeOf('black_large_square')?.shape).toBe('square');
  expect(shapeOf('red_circle')?.shape).toBe('circle');
  expect(shapeOf('tada')).toBeNull();
  expect(emojiOf('tada')).toBe('🎉');
  expect(emojiOf('no_such_emoji')).toBeUndefined();
});
