import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ChartRenderer, createCharts, startChartRenderer } from '../../src/charts/index.ts';
import { piePicture } from '../../src/charts/pie-config.ts';
import { createFonts } from '../../src/charts/renderer/fonts.ts';
import { renderRequestSchema } from '../../src/charts/renderer/request.ts';
import { createRenderThread } from '../../src/charts/renderer/thread.ts';
import type { Charts } from '../../src/core/ports.ts';
import { decodePng, findPie, pieOf, recordLog } from './support.ts';

const log = recordLog();
let renderer: ChartRenderer;
let charts: Charts;
beforeAll(async () => {
  renderer = await startChartRenderer({ log });
  charts = createCharts({ url: renderer.url, log });
});
afterAll(() => renderer.close());

const post = (body: unknown, url = renderer.url): Promise<Response> =>
  fetch(`${url}/chart`, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });
const twenty = Array.from({ length: 20 }, (_, at) => `Speaker ${at + 1}`);
const somePie = () =>
  piePicture(
    pieOf([
      ['Ann', 3],
      ['Bo', 1],
    ]),
  ).config;

describe('the chart, drawn over HTTP as by QuickChart', () => {
  test.each([
    ['two speakers', [62, 38]],
    ['one speaker', [5]],
    ['eight speakers', [30, 20, 15, 12, 10, 6, 4, 3]],
  ])('shows the shares of %s in its pixels', async (_, seconds) => {
    const chart = pieOf(seconds.map((each, at) => [`Speaker ${at + 1}`, each] as const));
    const pixels = await decodePng(await charts.pie(chart));
    expect(pixels.width).toBe(1200);
    const pie = findPie(pixels);
    expect(pie.radius).toBeGreaterThan(200);

    // Just inside the rim, where no percentage is written; a turn in 3600 steps from twelve o'clock.
    const steps = 3600;
    const seen = Array.from({ length: steps }, (_step, step) => {
      const angle = (step / steps) * 2 * Math.PI;
      const reach = pie.radius * 0.95;
      return pixels.colourAt(pie.x + reach * Math.sin(angle), pie.y - reach * Math.cos(angle));
    });
    let before = 0;
    for (const { colour, share } of chart.slices) {
      expect(seen[Math.floor((before + share / 2) * steps)]).toBe(colour);
      // The white border takes about half a percent of the turn from each slice.
      expect(Math.abs(seen.filter((each) => each === colour).length / steps - share)).toBeLessThan(0.01);
      before += share;
    }
  });

  test.each([[['W', 'Ж', '東', '한', 'م', '🦊', 'm', '@']], [['Щ', 'Ω', 'G', 'N', 'ש', 'प', 'ส', '👩‍💻']]])(
    'shortens %s … so that nothing is cut off',
    async (characters) => {
      const wide = pieOf(characters.map((each) => [each.repeat(60), 10] as const));
      const pixels = await decodePng(await charts.pie(wide));
      // Where the margin begins, the legend would be clipped: a white column there means that all of it fits.
      const margin = 42;
      for (let x = 0; x < pixels.width; x += 1)
        for (const y of [0, 20, pixels.height - 21, pixels.height - 1])
          expect(pixels.colourAt(x, y)).toBe('#ffffff');
      for (let y = 0; y < pixels.height; y += 1)
        for (const x of [0, 20, pixels.width - margin, pixels.width - 1])
          expect(pixels.colourAt(x, y)).toBe('#ffffff');
    },
  );

  // U+0378 is no character, so it shows the box that a missing glyph gives.
  test.each([
    ['Latin', 'ß', 'þ'],
    ['Cyrillic', 'Ж', 'Щ'],
    ['Greek', 'Ω', 'Ξ'],
    ['Chinese', '王', '李'],
    ['Japanese', 'さ', 'く'],
    ['Korean', '김', '박'],
    ['Arabic', 'م', 'ن'],
    ['Hebrew', 'ש', 'כ'],
    ['Devanagari', 'प', 'श'],
    ['Thai', 'ส', 'ม'],
    ['emoji', '🦊', '🐼'],
    ['emoji sequence', '👩‍💻', '👩‍🚀'],
    ['flag', '🇩🇪', '🇫🇷'],
  ])('draws %s, and not the box for a missing glyph', async (_, one, other) => {
    const drawn = await Promise.all(
      [one, other, '\u0378'].map(async (name) => Buffer.from(await charts.pie(pieOf([[name, 10]])))),
    );
    expect(drawn[0]!.equals(drawn[1]!)).toBe(false);
    expect(drawn[0]!.equals(drawn[2]!)).toBe(false);
    expect(drawn[1]!.equals(drawn[2]!)).toBe(false);
  });

  test('the same chart gives the same image', async () => {
    const [one, other] = await Promise.all([
      charts.pie(pieOf([['Ann', 1]])),
      charts.pie(pieOf([['Ann', 1]])),
    ]);
    expect(Buffer.from(one!).equals(Buffer.from(other!))).toBe(true);
  });
});

describe('fonts', () => {
  const fonts = createFonts();
  test.each([
    ['Ann', /^noto-sans-latin, sans-serif$/],
    ['Жанна', /noto-sans-cyrillic\b/],
    ['王小明', /noto-sans-sc-\d+/],
    ['田中さくら', /noto-sans-jp-\d+/],
    ['김민수', /noto-sans-kr-\d+/],
    ['محمد', /noto-sans-arabic-arabic/],
    ['שרה', /noto-sans-hebrew-hebrew/],
    ['प्रिया', /noto-sans-devanagari/],
    ['Ann 🦊', /noto-color-emoji/],
  ])('%s is drawn with the bundled fonts', (text, expected) => {
    expect(fonts.familiesFor(text)).toMatch(expected);
  });

  test('only the subsets that a text needs are loaded', () => {
    expect(fonts.familiesFor('王').split(', ').length).toBeLessThanOrEqual(4);
  });
});

describe('what is refused', () => {
  test.each([
    ['no JSON', '{type:'],
    ['an empty body', ''],
    ['no chart', {}],
    ['a chart that is JavaScript', { chart: "{type:'pie',data:{labels:[],datasets:[{data:[1]}]}}" }],
    ['another kind of chart', { chart: { ...somePie(), type: 'bar' } }],
    [
      'an option that is a function in disguise',
      { chart: { ...somePie(), options: { animation: '() => 1' } } },
    ],
    ['an unknown option', { chart: { ...somePie(), options: { onClick: 'alert(1)' } } }],
    ['plugins of its own', { chart: { ...somePie(), plugins: [{ id: 'x' }] } }],
    ['a prototype', JSON.stringify({ chart: somePie() }).replace('{', '{"__proto__":{"polluted":1},')],
    ['a huge picture', { width: 100_000, height: 100_000, chart: somePie() }],
    ['many pixels to a point', { devicePixelRatio: 50, chart: somePie() }],
    ['a picture of no size', { width: 0, chart: somePie() }],
    ['another version', { version: '2.9.4', chart: somePie() }],
    ['another format', { format: 'svg', chart: somePie() }],
    [
      'a negative slice',
      {
        chart: {
          type: 'pie',
          data: { labels: ['a'], datasets: [{ data: [-1], backgroundColor: '#000000' }] },
        },
      },
    ],
  ])('%s, with status 400 and a reason', async (_, body) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(response.headers.get('x-quickchart-error')).toBeTruthy();
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('the reason never repeats what was sent', async () => {
    const response = await post({ chart: { ...somePie(), type: 'Bartleby' } });
    expect(await response.text()).not.toContain('Bartleby');
  });

  test('a body past 64 KiB, with status 413', async () => {
    expect((await post({ chart: 'x'.repeat(70_000) })).status).toBe(413);
  });

  test('charts in the address, with status 405, and unknown paths, with 404', async () => {
    expect((await fetch(`${renderer.url}/chart?c={type:'pie'}`)).status).toBe(405);
    expect((await fetch(`${renderer.url}/chart/create`)).status).toBe(404);
  });

  test('it says when it is healthy', async () => {
    expect((await fetch(`${renderer.url}/healthcheck`)).status).toBe(200);
  });
});

test('text that looks like code is drawn or refused, and never run', async () => {
  const trace = join(tmpdir(), `parley-chart-${process.pid}`);
  const code = `(() => { require('node:fs').writeFileSync(${JSON.stringify(trace)}, ''); return {}; })()`;
  expect((await post({ chart: code })).status).toBe(400);
  expect((await post({ chart: JSON.stringify({ type: code }) })).status).toBe(400);
  const label = `__BEGINFUNCTION__${code}__ENDFUNCTION__`;
  await decodePng(
    await charts.pie(
      pieOf([
        [label, 10],
        [`function () { ${code} }`, 5],
      ]),
    ),
  );
  expect(existsSync(trace)).toBe(false);
});

describe('many at once', () => {
  test('20 charts are all drawn, one after the other', async () => {
    const drawn = await Promise.all(
      twenty.map((name) =>
        charts.pie(
          pieOf([
            [name, 10],
            ['Bo', 5],
          ]),
        ),
      ),
    );
    expect(new Set(drawn.map((png) => Buffer.from(png).toString('base64'))).size).toBe(20);
  });

  test('past the limit they are refused with Retry-After', async () => {
    const small = await startChartRenderer({ log, maxPending: 4 });
    try {
      const answers = await Promise.all(twenty.map(() => post({ chart: somePie() }, small.url)));
      const statuses = answers.map(({ status }) => status);
      expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(4);
      const refused = answers.filter(({ status }) => status === 503);
      expect(refused.length).toBeGreaterThan(0);
      expect(refused[0]!.headers.get('retry-after')).toBe('1');
      expect(statuses.every((status) => status === 200 || status === 503)).toBe(true);
      expect((await post({ chart: somePie() }, small.url)).status).toBe(200);
    } finally {
      await small.close();
    }
  });
});

describe('endings', () => {
  test('closing while charts are drawn fails those and closes, once', async () => {
    const own = await startChartRenderer({ log });
    const charts = twenty.map(() =>
      createCharts({ url: own.url, log })
        .pie(pieOf([['Ann', 1]]))
        .then(
          () => 'drawn',
          (error: { retryable?: boolean }) => (error.retryable === true ? 'later' : 'never'),
        ),
    );
    await Promise.race(charts);
    await Promise.all([own.close(), own.close()]);
    const outcomes = await Promise.all(charts);
    expect(outcomes).not.toContain('never');
    await expect(fetch(`${own.url}/healthcheck`)).rejects.toThrow();
  });

  test('a thread that dies fails its charts, and a new one replaces it', async () => {
    const dying = new URL(
      'data:text/javascript,import{parentPort}from"node:worker_threads";parentPort.once("message",()=>process.exit(3))',
    );
    const own = recordLog();
    const thread = createRenderThread({ log: own, maxPending: 4, file: dying });
    const request = renderRequestSchema.parse({ chart: somePie() });
    await expect(thread.render(request)).rejects.toThrow('code 3');
    await expect(thread.render(request)).rejects.toThrow('code 3');
    expect(own.lines).toHaveLength(2);
    await thread.close();
    await expect(thread.render(request)).rejects.toThrow('closed');
  });
});
