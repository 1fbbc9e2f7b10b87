import type { Cost } from './captions/ours.ts';
import type { Delays, Order } from './captions/sender.ts';
import { type BenchResult, isShort, quantile } from './result.ts';
import { answer, ask, createParts } from './support/parts.ts';
import type { Microphone } from './support/rtp.ts';

/**
 * The delay that Parley adds to captions: from the packet that completes a word, through the media worker, tap, decoder,
 * gate, chunks and live stream to an engine with a constant delay, and back to a page, without that delay. For
 * comparison, the same chunks of audio sent directly to the engine.
 */
export const name = 'delay of captions';

/** Of the engine. More, because it is busy, counts for both paths. */
const ENGINE_MS = 100;
const WARM_MS = 3_000;
/** As many browsers read along, up to so many. */
const MOST_PAGES = 10;

export const run = async (): Promise<readonly BenchResult[]> => {
  const results: BenchResult[] = [];
  for (const { speakers, measuredMs } of isShort() ? SHORT : FULL) {
    results.push(...(await measure(speakers, measuredMs)));
  }
  return results;
};

interface Size {
  readonly speakers: number;
  readonly measuredMs: number;
}
const FULL: readonly Size[] = [
  { speakers: 1, measuredMs: 45_000 },
  { speakers: 10, measuredMs: 15_000 },
  { speakers: 50, measuredMs: 15_000 },
];
const SHORT: readonly Size[] = [{ speakers: 5, measuredMs: 3_000 }];

const measure = async (speakers: number, measuredMs: number): Promise<BenchResult[]> => {
  const parts = createParts();
  try {
    const engineUrl = await answer<string>(
      parts.start(new URL('./captions/engine.ts', import.meta.url), [String(ENGINE_MS)]),
    );
    const pages = Math.min(MOST_PAGES, speakers);
    const ours = parts.start(new URL('./captions/ours.ts', import.meta.url), [engineUrl, String(speakers)]);
    const { microphones, pageUrl } = await answer<{ microphones: Microphone[]; pageUrl: string }>(ours);
    const sender = parts.start(new URL('./captions/sender.ts', import.meta.url), []);
    await answer(sender);
    const order: Order = { microphones, pageUrl, pages, engineUrl, warmMs: WARM_MS, measuredMs };
    await ask(sender, order);
    await ask<Cost>(ours, {});
    await answer(sender);
    const cost = await ask<Cost>(ours, {});
    const delays = await answer<Delays>(sender);
    return show(speakers, delays, cost);
  } finally {
    await parts.stop();
  }
};

const show = (speakers: number, { captions, straight, missing }: Delays, cost: Cost): BenchResult[] => {
  if (captions.length === 0 || straight.length === 0) throw new Error('no captions arrived');
  const added = captions.map((delayMs) => delayMs - ENGINE_MS);
  const p50 = quantile(added, 0.5);
  const straightP50 = quantile(straight, 0.5) - ENGINE_MS;
  const who = `${speakers} ${speakers === 1 ? 'speaker' : 'speakers'}`;
  return [
    { figure: `${who}: added to the engine, p50`, value: p50, unit: 'ms', goal: { atMost: 120 } },
    { figure: `${who}: p95`, value: quantile(added, 0.95), unit: 'ms', goal: { atMost: 200 } },
    { figure: `${who}: directly to the engine, p50`, value: straightP50, unit: 'ms' },
    { figure: `${who}: p50 over direct`, value: p50 / straightP50, unit: 'times' },
    {
      figure: `${who}: words without a caption, of ${captions.length + missing}`,
      value: missing,
      unit: '',
      goal: { atMost: 0 },
    },
    {
      figure: `${who}: Parley and its worker, each speaker`,
      value: (100 * (cost.nodeMs + cost.workerMs)) / cost.heardMs,
      unit: '% core',
    },
  ];
};
