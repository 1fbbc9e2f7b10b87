import { describe, expect, test } from 'vitest';
import { contrast, inkOn } from '../../src/charts/contrast.ts';
import { piePicture } from '../../src/charts/pie-config.ts';
import { renderRequestSchema } from '../../src/charts/renderer/request.ts';
import { OTHERS_COLOUR, PALETTE } from '../../src/core/palette.ts';
import { pieOf } from './support.ts';

const visible = (lines: readonly string[]): string[] => lines.map((line) => line.replaceAll('\u200b', ''));

describe('the configuration of a chart', () => {
  const chart = pieOf([
    ['Ann', 190],
    ['王小明', 80],
    ['Bo', 6],
  ]);
  const { config } = piePicture(chart);

  test('is JSON and nothing else: it survives being written and read', () => {
    expect(JSON.parse(JSON.stringify(config))).toEqual(config);
  });

  test('is what the embedded renderer accepts, as an object and as text', () => {
    expect(renderRequestSchema.parse({ chart: config }).chart).toEqual(config);
    expect(renderRequestSchema.parse({ chart: JSON.stringify(config) }).chart).toEqual(config);
  });

  test('names each speaker in the legend, with share and time', () => {
    expect(config.data.labels.map(visible)).toEqual([
      ['A · Ann', '69%  ·  3:10'],
      ['B · 王小明', '29%  ·  1:20'],
      ['C · Bo', '2%  ·  0:06'],
    ]);
  });

  test('says everything in the legend, for hosts that drop plugins', () => {
    const { datalabels, ...core } = config.options.plugins;
    expect(Object.keys(core)).toEqual(['legend']);
    const legend = config.data.labels.flat().join(' ');
    for (const { label } of config.data.datasets[0]!.data)
      for (const part of label.split(' ')) expect(legend).toContain(part);
    expect(datalabels).not.toHaveProperty('formatter');
  });

  test('keeps the colours and the times that core decided', () => {
    const [dataset] = config.data.datasets;
    expect(dataset!.backgroundColor).toEqual(chart.slices.map((slice) => slice.colour));
    expect(dataset!.data.map(({ value }) => value)).toEqual([190_000, 80_000, 6_000]);
  });

  test('labels slices with letter and percentage, small ones with the letter, and the smallest not at all', () => {
    const small = piePicture(
      pieOf([
        ['Ann', 90],
        ['Ben', 8],
        ['Cy', 2],
      ]),
    ).config;
    expect(small.data.datasets[0]!.data.map(({ label }) => label)).toEqual(['A 90%', 'B', 'C']);
    expect(small.options.plugins.datalabels.display).toEqual([true, true, false]);
  });

  test('gives a speaker who is alone no letter', () => {
    const { data } = piePicture(pieOf([['Ann', 10]])).config;
    expect(data.datasets[0]!.data[0]!.label).toBe('100%');
    expect(visible(data.labels[0]!)[0]).toBe('Ann');
  });

  test('has percentages that add up to 100, and never 0 for someone who spoke', () => {
    const percentages = (...seconds: number[]): string[] =>
      piePicture(pieOf(seconds.map((each) => ['P', each] as const))).config.data.datasets[0]!.data.map(
        ({ label }) => label,
      );
    expect(percentages(1, 1, 1)).toEqual(['A 34%', 'B 33%', 'C 33%']);
    expect(
      visible(
        piePicture(
          pieOf([
            ['P', 999],
            ['Q', 1],
          ]),
        ).config.data.labels[1]!,
      )[1],
    ).toMatch(/^<1%/);
  });

  test('makes the widest line of a legend entry the longest too, by which Chart.js measures', () => {
    const [lines] = piePicture(pieOf([['東京都知事山田太', 10]])).config.data.labels;
    expect(visible(lines!)[0]!.length).toBeLessThan(visible(lines!)[1]!.length);
    expect(lines![0]!.length).toBeGreaterThan(lines![1]!.length);
  });

  test('shows a name that is nothing but spaces as a dash', () => {
    expect(visible(piePicture(pieOf([[' ', 10]])).config.data.labels[0]!)[0]).toBe('–');
  });

  test('grows with the number of speakers, and stays within what the renderer draws', () => {
    const heights = [1, 5, 8, 9].map(
      (count) => piePicture(pieOf(Array.from({ length: count }, (_, at) => [`P${at}`, 10] as const))).height,
    );
    expect(heights).toEqual([...heights].sort((a, b) => a - b));
    expect(heights[0]).toBe(300);
    expect(heights[3]).toBeLessThan(600);
  });
});

test.each([...PALETTE, OTHERS_COLOUR])('a percentage is readable on $hex', ({ hex }) => {
  // WCAG asks 3 for large bold text.
  expect(contrast(inkOn(hex), hex)).toBeGreaterThanOrEqual(4);
});

test.each([
  ['#f0e442', '#1d1c1d'],
  ['#e69f00', '#1d1c1d'],
  ['#0072b2', '#ffffff'],
  ['#2b2b2b', '#ffffff'],
])('on %s the text is %s', (background, ink) => {
  expect(inkOn(background)).toBe(ink);
});
