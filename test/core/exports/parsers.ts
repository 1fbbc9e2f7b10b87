/**
 * Readers of the subtitle and table formats, written from their specifications and as strict: what they do not
 * expect, they throw on.
 */
export interface ReadCue {
  readonly startMs: number;
  readonly endMs: number;
  readonly voice: string;
  readonly lines: readonly string[];
}

const timeOf = (text: string, point: '.' | ','): number => {
  const match = /^(\d{2,}):([0-5]\d):([0-5]\d)([.,])(\d{3})$/.exec(text);
  if (match === null || match[4] !== point) throw new Error(`Not a time: ${text}`);
  return ((Number(match[1]) * 60 + Number(match[2])) * 60 + Number(match[3])) * 1_000 + Number(match[5]);
};

const timesOf = (line: string, point: '.' | ',') => {
  const [start, end, ...rest] = line.split(' --> ');
  if (end === undefined || rest.length > 0) throw new Error(`Not a line of times: ${line}`);
  const times = { startMs: timeOf(start!, point), endMs: timeOf(end, point) };
  if (times.endMs <= times.startMs) throw new Error(`A cue that ends before it starts: ${line}`);
  return times;
};

const noArrow = (text: string): void => {
  if (text.includes('-->')) throw new Error(`An arrow in a cue: ${text}`);
};

const unescaped = (text: string): string => {
  if (/[<>]/.test(text) || /&(?!(amp|lt|gt);)/.test(text)) throw new Error(`Not escaped: ${text}`);
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
};

export const parseVtt = (file: string): readonly ReadCue[] => {
  if (!file.endsWith('\n')) throw new Error('The last line does not end');
  const [head, ...blocks] = file.slice(0, -1).split('\n\n');
  if (head !== 'WEBVTT') throw new Error('Not WebVTT');
  return inOrder(
    blocks.map((block) => {
      const [times, ...text] = block.split('\n');
      const payload = text.join('\n');
      noArrow(payload);
      const voice = /^<v ([^\n>]+)>([\s\S]+)<\/v>$/.exec(payload);
      if (voice === null) throw new Error(`Not one voice: ${payload}`);
      const lines = voice[2]!.split('\n').map(unescaped);
      return { ...timesOf(times!, '.'), voice: unescaped(voice[1]!), lines };
    }),
  );
};

export const parseSrt = (file: string): readonly ReadCue[] => {
  if (file === '') return [];
  if (!file.endsWith('\n')) throw new Error('The last line does not end');
  return inOrder(
    file
      .slice(0, -1)
      .split('\n\n')
      .map((block, i) => {
        const [number, times, ...text] = block.split('\n');
        if (number !== String(i + 1)) throw new Error(`Cue ${i + 1} is numbered ${number}`);
        noArrow(text.join('\n'));
        const [, voice, first] = /^(.+?): (.*)$/.exec(text[0] ?? '') ?? [];
        if (voice === undefined) throw new Error(`No name: ${text[0]}`);
        return { ...timesOf(times!, ','), voice, lines: [first!, ...text.slice(1)] };
      }),
  );
};

const inOrder = (cues: readonly ReadCue[]): readonly ReadCue[] => {
  cues.forEach((cue, i) => {
    if (i > 0 && cue.startMs < cues[i - 1]!.startMs) throw new Error('Cues out of order');
    if (cue.lines.some((line) => line.trim() === '')) throw new Error('An empty line in a cue');
  });
  return cues;
};

/** @see https://www.rfc-editor.org/rfc/rfc4180#section-2 */
export const parseCsv = (file: string): readonly (readonly string[])[] => {
  const record = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  const rows: string[][] = [[]];
  while (record.lastIndex < file.length) {
    const at = record.lastIndex;
    const match = record.exec(file);
    if (match === null) throw new Error(`Not a field at ${at}`);
    rows.at(-1)!.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
    if (match[3] === '\r\n') rows.push([]);
  }
  if (rows.pop()!.length > 0) throw new Error('The last record does not end');
  return rows;
};
