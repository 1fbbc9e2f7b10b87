import { afterEach, expect, it } from 'vitest';
import type { LiveProfile } from '../../../sandbox/engine/scripted/profile.ts';
import { tryLive } from '../../../src/speech/live/try-live.ts';
import { type LiveSetup, openLiveSetup } from './support.ts';

let setup: LiveSetup;
afterEach(() => setup.close());

const trialWith = async (profile: Partial<LiveProfile> = {}, apiKey?: string) => {
  setup = await openLiveSetup(profile);
  const trial = tryLive({ ...setup.options, ...(apiKey && { apiKey }), mipOptOut: true, connections: 2 });
  return setup.passing(trial);
};

it('opens two streams at once, and closes them in order', async () => {
  expect(await trialWith()).toEqual({ tried: 2, admitted: 2, refusal: null });
  const { streams, openNow, peakOpen } = setup.engine.live;
  expect(streams.map(({ received }) => received)).toEqual([
    ['audio', 'CloseStream'],
    ['audio', 'CloseStream'],
  ]);
  expect([openNow, peakOpen]).toEqual([0, 2]);
});

it('says how many a small plan admits', async () => {
  expect(await trialWith({ maxStreams: 1 })).toMatchObject({
    tried: 2,
    admitted: 1,
    refusal: { status: 429, reason: 'refused: Too many requests. Please try again later.' },
  });
});

it('says why none is admitted', async () => {
  expect(await trialWith({}, 'another-key')).toMatchObject({
    admitted: 0,
    refusal: { status: 401, reason: 'refused: Invalid credentials.' },
  });
});
