import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseDockerfile } from '../../../scripts/image/dockerfile.ts';
import { VARIABLES } from '../../../src/config.ts';

const root = path.join(import.meta.dirname, '../../..');
const read = (name: string): string => readFileSync(path.join(root, name), 'utf8');

describe('a Dockerfile', () => {
  it('is read as stages, each step with the environment and directory at that point', () => {
    const [first, second] = parseDockerfile(`# A comment.
FROM debian:trixie-slim AS build
ENV A=1
WORKDIR /app
COPY one two/ ./
# In the middle.
RUN --mount=type=cache,target=/root/.npm npm install && \\
    # In a continued line.
    echo done
ENV B=2
FROM build AS app
COPY --from=build /app /app
USER 10001:10001
VOLUME ["/data"]
HEALTHCHECK --interval=30s CMD ["node", "-e", "1"]
CMD ["node", "main.ts"]
`);
    const at = { directory: '/app', env: { A: '1' } };
    expect(first?.steps).toEqual([
      { kind: 'copy', stage: null, sources: ['one', 'two/'], target: './', ...at },
      { kind: 'run', shell: 'npm install &&     echo done', caches: ['/root/.npm'], ...at },
    ]);
    expect(second).toMatchObject({
      name: 'app',
      from: 'build',
      env: { A: '1', B: '2' },
      user: '10001:10001',
      volumes: ['/data'],
      healthCommand: ['node', '-e', '1'],
      command: ['node', 'main.ts'],
      steps: [{ kind: 'copy', stage: 'build', sources: ['/app'], target: '/app' }],
    });
  });

  it.each([
    'FROM debian:trixie-slim',
    'FROM debian:trixie-slim AS a\nADD x y',
    'FROM debian:trixie-slim AS a\nRUN --network=none true',
    'FROM debian:trixie-slim AS a\nCOPY --chown=1 x y',
    'FROM debian:trixie-slim AS a\nCMD node main.ts',
    'RUN true',
  ])('that says what is not known here is refused: %j', (text) => {
    expect(() => parseDockerfile(text)).toThrow();
  });
});

describe('the Dockerfile of Parley', () => {
  const stages = parseDockerfile(read('Dockerfile'));
  const stageOf = (name: string) => stages.find((stage) => stage.name === name);

  it('builds Parley by default', () => {
    expect(stages.at(-1)?.name).toBe('parley');
  });

  it('copies only what exists, and what .dockerignore lets through', () => {
    const allowed = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const copied = stages.flatMap(({ steps }) =>
      steps.flatMap((step) => (step.kind === 'copy' && step.stage === null ? step.sources : [])),
    );
    expect(copied.filter((source) => !existsSync(path.join(root, source)))).toEqual([]);
    expect([...new Set(copied)].sort()).toEqual(allowed.sort());
  });

  it('runs neither image as root, and each without a shell that swallows signals', () => {
    for (const name of ['parley', 'engine']) {
      expect(stageOf(name)?.user).toBe('10001:10001');
      expect(stageOf(name)?.command?.[0]).toBe('node_modules/.bin/node');
      expect(existsSync(path.join(root, stageOf(name)?.command?.at(-1) ?? ''))).toBe(true);
    }
  });

  it('sets only variables that Parley reads', () => {
    const others = ['NODE_ENV', 'MEDIASOUP_WORKER_BIN'];
    const unknown = Object.keys(stageOf('parley')?.env ?? {}).filter(
      (name) => !(name in VARIABLES) && !others.includes(name),
    );
    expect(unknown).toEqual([]);
  });
});

describe('compose.yaml', () => {
  const { services } = parse(read('compose.yaml')) as {
    services: Record<string, { build?: { target: string }; environment?: object; read_only?: boolean }>;
  };

  it('builds the stages of the Dockerfile, read-only', () => {
    const names = parseDockerfile(read('Dockerfile')).map(({ name }) => name);
    const built = Object.values(services).filter(({ build }) => build !== undefined);
    expect(built).toHaveLength(2);
    for (const { build, read_only } of built) {
      expect(names).toContain(build?.target);
      expect(read_only).toBe(true);
    }
  });

  it('sets only variables that Parley reads', () => {
    const environment = Object.keys(services.parley?.environment ?? {});
    expect(environment.filter((name) => !(name in VARIABLES))).toEqual([]);
  });
});
