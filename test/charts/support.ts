import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import type { PieChart } from '../../src/core/chart.ts';
import { colourOf, letterOf } from '../../src/core/palette.ts';
import type { Log, LogFields } from '../../src/core/ports.ts';
import { roundShares } from '../../src/core/talk-time/format.ts';

/** A chart of these speakers and seconds, coloured as core colours them. */
export const pieOf = (parts: readonly (readonly [label: string, seconds: number])[]): PieChart => {
  const total = parts.reduce((sum, [, seconds]) => sum + seconds, 0);
  const shares = parts.map(([, seconds]) => (total === 0 ? 0 : seconds / total));
  const percents = roundShares(shares);
  return {
    slices: parts.map(([label, seconds], at) => ({
      label,
      letter: parts.length === 1 ? null : letterOf(at),
      speakingMs: seconds * 1000,
      share: shares[at]!,
      percent: percents[at]!,
      colour: colourOf(at).hex,
    })),
  };
};

export interface RecordedLog extends Log {
  readonly lines: { level: string; fields: LogFields; message: string }[];
}

export const recordLog = (): RecordedLog => {
  const lines: RecordedLog['lines'] = [];
  const at = (level: string) => (fields: LogFields, message: string) => {
    lines.push({ level, fields, message });
  };
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
};

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** `#rrggbb` */
  readonly colourAt: (x: number, y: number) => string;
  readonly data: Uint8ClampedArray;
}

export const decodePng = async (png: Uint8Array): Promise<Pixels> => {
  const image = await loadImage(Buffer.from(png));
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { data, width, height } = context.getImageData(0, 0, image.width, image.height);
  const colourAt = (x: number, y: number): string => {
    const at = (Math.round(y) * width + Math.round(x)) * 4;
    return `#${[0, 1, 2].map((channel) => data[at + channel]!.toString(16).padStart(2, '0')).join('')}`;
  };
  return { width, height, colourAt, data };
};

/** Middle and radius of the pie: what is coloured in the left half; the legend is on the right. */
export const findPie = ({ width, height, colourAt }: Pixels): { x: number; y: number; radius: number } => {
  let [left, top, bottom] = [width, height, 0];
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width / 2; x += 1) {
      if (colourAt(x, y) === '#ffffff') continue;
      left = Math.min(left, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  const radius = (bottom - top) / 2;
  return { x: left + radius, y: top + radius, radius };
};

/** A scripted server on a free port. */
export const serve = async (
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ url: string; close(): Promise<void> }> => {
  const server = createServer(handler);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};
