import { describe, it } from 'vitest';
import { expectEveryWord, NETWORKS } from './speaker-support.ts';

/** A minute of speech for each: seconds of work, so not among the unit tests, where one of these is. */
describe.each(['Nora', 'Ben'])('%s, speaking into a microphone', (speaker) => {
  describe.each(Object.entries(NETWORKS))('over %s', (_, network) => {
    it.each([
      ['sending all the time from a quiet room', false, -75],
      ['sending all the time from a noisy room', false, -40],
      ['sending nothing while silent, from a quiet room', true, -75],
      ['sending nothing while silent, from a noisy room', true, -40],
    ])('%s: every word arrives at its time, and little else', (_, dtx, noiseDbfs) =>
      expectEveryWord({ speaker, network, dtx, noiseDbfs }),
    );
  });
});
