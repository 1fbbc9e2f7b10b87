import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '..');

interface Rule {
  readonly rooms: readonly string[];
  /** Files of other rooms, for their types alone. */
  readonly types?: readonly string[];
  /** Tools that lie outside src. */
  readonly tools?: readonly string[];
  readonly packages: readonly string[];
}

/** What each room may import: rooms of src by name, and packages. `node:` is allowed wherever packages are. */
const RULES: Record<string, Rule> = {
  core: { rooms: [], packages: ['libphonenumber-js'] },
  flows: { rooms: ['core'], packages: [] },
  web: { rooms: ['core'], packages: ['express', 'jose', 'undici', 'ws', 'zod', 'node:'] },
  bot: { rooms: ['core'], packages: ['@slack/', 'zod', 'undici', 'node:'] },
  speech: { rooms: ['core'], packages: ['@deepgram/sdk', 'file-type', 'ws', 'zod', 'undici', 'node:'] },
  charts: {
    rooms: ['core'],
    packages: [
      'quickchart-js',
      'chart.js',
      'chartjs-plugin-datalabels',
      '@napi-rs/canvas',
      'zod',
      'undici',
      'node:',
    ],
  },
  media: {
    rooms: ['core'],
    packages: ['mediasoup', 'ws', 'zod', 'libopus-wasm', '@echogarden/fvad-wasm', 'node:'],
  },
  pages: {
    rooms: ['core'],
    types: ['src/media/signalling/messages.ts', 'src/media/connectivity/messages.ts'],
    tools: ['scripts/build-page.ts'],
    packages: ['preact', 'mediasoup-client', 'vite', 'node:'],
  },
  doctor: { rooms: ['core', 'web'], packages: ['ws', 'zod', 'node:'] },
  links: { rooms: ['core', 'web'], packages: ['undici', 'ipaddr.js', 'node:'] },
  telephony: {
    rooms: ['core', 'web'],
    packages: ['twilio', 'express', 'ws', 'zod', 'undici', 'node:'],
  },
  storage: {
    rooms: ['core'],
    packages: ['@electric-sql/pglite', 'kysely', 'pg', 'pg-boss', 'zod', 'node:'],
  },
};

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const sourceFiles = (folder: string): string[] =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => path.join(folder, name));

const importsOf = (file: string): Import[] => {
  const text = readFileSync(path.join(root, file), 'utf8');
  const found: Import[] = [];
  for (const match of text.matchAll(/^\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm)) {
    found.push({ from: file, to: match[2] ?? '', typeOnly: match[1] !== undefined });
  }
  for (const match of text.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g)) {
    found.push({ from: file, to: match[1] ?? '', typeOnly: false });
  }
  return found;
};

const resolved = ({ from, to }: Import): string => path.normalize(path.join(path.dirname(from), to));
const isRelative = (to: string): boolean => to.startsWith('.');

const src = sourceFiles('src').flatMap(importsOf);
const sandbox = sourceFiles('sandbox').flatMap(importsOf);

describe('who may import whom', () => {
  it.each(Object.entries(RULES))('src/%s imports only what its row of the table allows', (room, rule) => {
    const broken = src
      .filter(({ from }) => from.startsWith(`src/${room}/`))
      .filter((edge) => {
        if (isRelative(edge.to)) {
          const target = resolved(edge);
          if (edge.typeOnly && rule.types?.includes(target)) return false;
          if (rule.tools?.includes(target)) return false;
          return ![room, ...rule.rooms].some((allowed) => target.startsWith(`src/${allowed}/`));
        }
        return !rule.packages.some((allowed) =>
          allowed.endsWith('/') || allowed === 'node:'
            ? edge.to.startsWith(allowed)
            : edge.to === allowed || edge.to.startsWith(`${allowed}/`),
        );
      });
    expect(broken.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  it('every room of src stands in the table', () => {
    const rooms = readdirSync(path.join(root, 'src'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    expect(rooms.sort()).toEqual(Object.keys(RULES).sort());
  });

  it('only the process itself imports the sandbox, and only while it runs', () => {
    const edges = src.filter((edge) => isRelative(edge.to) && resolved(edge).startsWith('sandbox/'));
    expect(new Set(edges.map(({ from }) => from))).toEqual(new Set(['src/main.ts']));
    for (const { from } of edges) {
      expect(readFileSync(path.join(root, from), 'utf8')).not.toMatch(/^import (?!type)[^;]*sandbox\//m);
    }
  });

  it('the sandbox takes nothing from src but types of core', () => {
    const broken = sandbox.filter(
      (edge) =>
        isRelative(edge.to) &&
        resolved(edge).startsWith('src/') &&
        !(edge.typeOnly && resolved(edge).startsWith('src/core/')),
    );
    expect(broken.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  it('built-in modules are named with their prefix, so that the table can tell them from packages', () => {
    const bare = [...src, ...sandbox].filter(
      ({ to }) => !to.startsWith('node:') && builtinModules.includes(to),
    );
    expect(bare.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  it('the environment is read in one place', () => {
    const readers = sourceFiles('src').filter((file) =>
      /process\.env\b/.test(readFileSync(path.join(root, file), 'utf8')),
    );
    expect(readers).toEqual(['src/main.ts']);
  });

  it('core knows no clock, no randomness and no timer', () => {
    const impure = sourceFiles('src/core').filter((file) =>
      /\b(Date\.now|new Date\(\)|Math\.random|setTimeout|setInterval|performance\.now|crypto\.)/.test(
        readFileSync(path.join(root, file), 'utf8'),
      ),
    );
    expect(impure).toEqual([]);
  });
});
