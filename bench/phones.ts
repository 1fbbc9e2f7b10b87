import { measureCaptions } from './phones/captions.ts';
import { measureDelay } from './phones/delay.ts';
import { measureMixing } from './phones/mixing.ts';
import { type BenchResult, isShort } from './result.ts';

/**
 * Phones in meetings: the delay that Parley adds to their audio, the cost of mixing compared to decoding, and the cost of
 * captioning fifty phones compared to having them in meetings.
 */
export const name = 'phones in meetings';

export const run = async (): Promise<readonly BenchResult[]> => {
  const short = isShort();
  const delay = await measureDelay({ spokenMs: short ? 6_000 : 20_000 });
  const mixing = await measureMixing({ spokenMs: short ? 20_000 : 120_000 });
  const captions = await measureCaptions({ phones: 50, measuredMs: short ? 6_000 : 20_000 });
  const thereAndBackMs = delay.toBrowserMs + delay.toPhoneMs;
  return [
    { figure: 'phone to browser, median', value: delay.toBrowserMs, unit: 'ms' },
    { figure: 'browser to phone, median', value: delay.toPhoneMs, unit: 'ms' },
    { figure: 'there and back', value: thereAndBackMs, unit: 'ms', goal: { atMost: 120 } },
    {
      figure: 'there and back over bare forwarding twice',
      value: thereAndBackMs / (2 * delay.toBrowserMs),
      unit: '',
    },
    { figure: 'decoding 10 speakers', value: mixing.decoding * 100, unit: '% core' },
    {
      figure: 'mixing 10 speakers to 4 phones that speak too',
      value: mixing.mixing * 100,
      unit: '% core',
      goal: { atMost: 2 },
    },
    {
      figure: 'mixing over decoding',
      value: mixing.mixing / mixing.decoding,
      unit: '',
      goal: { atMost: 0.5 },
    },
    { figure: '50 phones in meetings, not captioned', value: captions.bare * 100, unit: '% core' },
    {
      figure: '50 phones captioned, all talking',
      value: captions.captioned * 100,
      unit: '% core',
    },
    {
      figure: 'captioned over not captioned',
      value: captions.captioned / captions.bare,
      unit: '',
      goal: { atMost: 3 },
    },
    {
      figure: `bytes lost of ${captions.spokenBytes} spoken`,
      value: captions.lostBytes,
      unit: 'bytes',
      goal: { atMost: 0 },
    },
  ];
};
