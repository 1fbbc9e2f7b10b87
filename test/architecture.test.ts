import { globSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '..');

interface Rule {
  /** Other folders of src. */
  readonly folders: readonly string[] | 'all';
  /** Files of other folders, for their types alone. */
  readonly types?: readonly string[];
  /** Tools that lie outside src. */
  readonly tools?: readonly string[];
  readonly packages: readonly string[];
}

/** What each folder of src may import: other folders, and packages. `node:` is listed where it is allowed. */
const RULES: Record<string, Rule> = {
  app: { folders: 'all', packages: ['node:'] },
  core: { folders: [], packages: ['libphonenumber-js'] },
  config: { folders: ['core'], packages: ['zod'] },
  flows: { folders: ['core'], packages: [] },
  web: { folders: ['core'], packages: ['express', 'jose', 'undici', 'ws', 'zod', 'node:'] },
  bot: { folders: ['core'], packages: ['@slack/', 'zod', 'undici', 'node:'] },
  speech: { folders: ['core'], packages: ['@deepgram/sdk', 'file-type', 'ws', 'zod', 'undici', 'node:'] },
  charts: {
    folders: ['core'],
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
    folders: ['core'],
    packages: ['mediasoup', 'ws', 'zod', 'libopus-wasm', '@echogarden/fvad-wasm', 'node:'],
  },
  pages: {
    folders: ['core'],
    types: ['src/media/signalling/messages.ts', 'src/media/connectivity/messages.ts'],
    tools: ['scripts/build-page.ts'],
    packages: ['preact', 'mediasoup-client', 'vite', 'node:'],
  },
  doctor: { folders: ['core', 'web'], packages: ['ws', 'zod', 'node:'] },
  links: { folders: ['core', 'web'], packages: ['undici', 'ipaddr.js', 'node:'] },
  telephony: {
    folders: ['core', 'web'],
    packages: ['twilio', 'express', 'ws', 'zod', 'undici', 'node:'],
  },
  storage: {
    folders: ['core'],
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

/** What lies deeper in flows never imports what is built on it. Files at its root come after `util`, `index.ts` last. */
const FLOWS_FROM_BELOW = ['util', '', 'results', 'recordings', 'meetings', 'calls', 'index.ts'];

const flowsRank = (file: string): number => {
  const [first = '', ...rest] = path.relative('src/flows', file).split(path.sep);
  const folder = rest.length === 0 && first !== 'index.ts' ? '' : first;
  return FLOWS_FROM_BELOW.indexOf(folder);
};

/** Groups of files that import each other, directly or through others; types count. Each group sorted. */
const circlesOf = (edges: readonly Import[]): string[][] => {
  const next = new Map<string, string[]>();
  for (const edge of edges) {
    if (!isRelative(edge.to)) continue;
    next.set(edge.from, [...(next.get(edge.from) ?? []), resolved(edge)]);
  }
  // Tarjan's strongly connected components.
  const indexOf = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string): void => {
    indexOf.set(file, indexOf.size);
    lowest.set(file, indexOf.get(file)!);
    stack.push(file);
    for (const other of next.get(file) ?? []) {
      if (!indexOf.has(other)) {
        visit(other);
        lowest.set(file, Math.min(lowest.get(file)!, lowest.get(other)!));
      } else if (stack.includes(other)) {
        lowest.set(file, Math.min(lowest.get(file)!, indexOf.get(other)!));
      }
    }
    if (lowest.get(file) !== indexOf.get(file)) return;
    const group = stack.splice(stack.indexOf(file));
    if (group.length > 1) circles.push(group.sort());
  };
  for (const file of next.keys()) if (!indexOf.has(file)) visit(file);
  return circles;
};

const LONGEST_FILE = 300;

describe('who may import whom', () => {
  it.each(Object.entries(RULES))('src/%s imports only what its row of the table allows', (folder, rule) => {
    const broken = src
      .filter(({ from }) => from.startsWith(`src/${folder}/`))
      .filter((edge) => {
        if (isRelative(edge.to)) {
          const target = resolved(edge);
          if (edge.typeOnly && rule.types?.includes(target)) return false;
          if (rule.tools?.includes(target)) return false;
          if (rule.folders === 'all') return !target.startsWith('src/');
          return ![folder, ...rule.folders].some((allowed) => target.startsWith(`src/${allowed}/`));
        }
        return !rule.packages.some((allowed) =>
          allowed.endsWith('/') || allowed === 'node:'
            ? edge.to.startsWith(allowed)
            : edge.to === allowed || edge.to.startsWith(`${allowed}/`),
        );
      });
    expect(broken.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  it('every folder of src is in the table', () => {
    const folders = readdirSync(path.join(root, 'src'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    expect(folders.sort()).toEqual(Object.keys(RULES).sort());
  });

  it('only providers.ts imports the sandbox, and only while the program runs', () => {
    const edges = src.filter((edge) => isRelative(edge.to) && resolved(edge).startsWith('sandbox/'));
    expect(new Set(edges.map(({ from }) => from))).toEqual(new Set(['src/providers.ts']));
    for (const { from } of edges) {
      expect(readFileSync(path.join(root, from), 'utf8')).not.toMatch(/^import (?!type)[^;]*sandbox\//m);
    }
  });

  it('the sandbox takes nothing from src but types of core and the machine’s clock', () => {
    const broken = sandbox.filter(
      (edge) =>
        isRelative(edge.to) &&
        resolved(edge).startsWith('src/') &&
        !(edge.typeOnly && resolved(edge).startsWith('src/core/')) &&
        resolved(edge) !== 'src/clock.ts',
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

  it('only the Clock sets timers and reads the time in flows, bot, telephony and live speech', () => {
    const timers = ['flows', 'bot', 'telephony', 'speech/live'].flatMap((folder) =>
      sourceFiles(`src/${folder}`).filter((file) =>
        /\b(setTimeout|setInterval|timers\/promises|AbortSignal\.timeout|Date\.now|new Date\(\)|performance\.now)\b/.test(
          readFileSync(path.join(root, file), 'utf8'),
        ),
      ),
    );
    expect(timers).toEqual([]);
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

describe('the shape of the code', () => {
  it('has no circle of files', () => {
    expect(circlesOf([...src, ...sandbox])).toEqual([]);
  });

  it('finds a circle where there is one, through a type as well', () => {
    const edge = (from: string, to: string, typeOnly = false): Import => ({ from, to: `./${to}`, typeOnly });
    const edges = [
      edge('a.ts', 'b.ts'),
      edge('b.ts', 'c.ts', true),
      edge('c.ts', 'a.ts'),
      edge('c.ts', 'd.ts'),
    ];
    expect(circlesOf(edges)).toEqual([['a.ts', 'b.ts', 'c.ts']]);
  });

  it('has flows that do not import backwards', () => {
    const flows = src.filter(({ from }) => from.startsWith('src/flows/'));
    expect(flows.map(({ from }) => from).filter((file) => flowsRank(file) === -1)).toEqual([]);
    const backwards = flows.filter((edge) => {
      const to = isRelative(edge.to) ? resolved(edge) : '';
      return to.startsWith('src/flows/') && flowsRank(to) > flowsRank(edge.from);
    });
    expect(backwards.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  it(`has no file of more than ${LONGEST_FILE} lines`, () => {
    const long = ['src', 'sandbox', 'scripts', 'bench']
      .flatMap(sourceFiles)
      .filter(
        (file) => readFileSync(path.join(root, file), 'utf8').trimEnd().split('\n').length > LONGEST_FILE,
      );
    expect(long).toEqual([]);
  });

  it('has unit tests that patch nothing for the next file of their process', () => {
    const patching = globSync('test/**/*.test.{ts,tsx}', { cwd: root })
      .filter((file) => !/\.integration\.test\.|^test\/e2e\//.test(file))
      .filter((file) =>
        /from 'nock'|vi\.(mock|stubGlobal|stubEnv)\(/.test(readFileSync(path.join(root, file), 'utf8')),
      );
    // This file names them in its rule.
    expect(patching).toEqual(['test/architecture.test.ts']);
  });
});
