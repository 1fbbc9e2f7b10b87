import { expect, it } from 'vitest';
import {
  createJitterBuffer,
  type JitterBuffer,
} from '../../../../../sandbox/page/phones/audio/jitter-buffer.ts';

const push = (buffer: JitterBuffer, from: number, to: number): void => {
  for (let at = from; at <= to; at += 1) buffer.push(Uint8Array.of(at));
};
const take = (buffer: JitterBuffer): number | null => buffer.take()?.[0] ?? null;

it('starts with three frames, and releases them in order', () => {
  const buffer = createJitterBuffer();
  push(buffer, 1, 2);
  expect(take(buffer)).toBeNull();
  push(buffer, 3, 3);
  expect([take(buffer), take(buffer), take(buffer), take(buffer)]).toEqual([1, 2, 3, null]);
});

it('buffers again after it has run empty, so that it does not stutter', () => {
  const buffer = createJitterBuffer();
  push(buffer, 1, 3);
  for (let count = 0; count < 4; count += 1) take(buffer);
  push(buffer, 4, 5);
  expect(take(buffer)).toBeNull();
  push(buffer, 6, 6);
  expect(take(buffer)).toBe(4);
});

it('drops old frames when too many have piled up, and continues with the newest', () => {
  const buffer = createJitterBuffer();
  push(buffer, 1, 13);
  expect([take(buffer), take(buffer), take(buffer), take(buffer)]).toEqual([11, 12, 13, null]);
});
