/** One image, or one step on the way to it. */
export interface Stage {
  readonly name: string;
  /** An image of a registry (`debian:trixie-slim`) or an earlier stage. */
  readonly from: string;
  /** What changes its files, in order. */
  readonly steps: readonly Step[];
  readonly user: string | null;
  readonly volumes: readonly string[];
  readonly command: readonly string[] | null;
  readonly healthCommand: readonly string[] | null;
  /** For both. */
  readonly env: Readonly<Record<string, string>>;
  readonly directory: string;
}

/** The environment and the directory are those at this point of the file. */
export type Step = { readonly directory: string; readonly env: Readonly<Record<string, string>> } & (
  | {
      readonly kind: 'run';
      readonly shell: string;
      /** Directories that are kept between builds, and are not part of the image. */
      readonly caches: readonly string[];
    }
  | {
      readonly kind: 'copy';
      /** An earlier stage; null: the directory of the Dockerfile. */
      readonly stage: string | null;
      readonly sources: readonly string[];
      readonly target: string;
    }
);

type Draft = { -readonly [Key in keyof Stage]: Stage[Key] } & { steps: Step[] };

/**
 * The stages of a Dockerfile, in order.
 * @throws Error naming an instruction or an option that it does not know, so that nothing is silently left out
 */
export const parseDockerfile = (text: string): Stage[] => {
  const stages: Draft[] = [];
  for (const line of instructions(text)) {
    const [, name = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(line) ?? [];
    if (name === 'FROM') {
      stages.push(newStage(rest, stages));
      continue;
    }
    const stage = stages.at(-1);
    const read = READERS[name];
    if (stage === undefined || read === undefined) throw new Error(`Unknown instruction: ${line}`);
    read(stage, rest);
  }
  return stages;
};

/** Without comments, and with continued lines joined. */
const instructions = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replaceAll(/\\\n/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** A stage on top of another has its environment, directory and user. */
const newStage = (rest: string, earlier: readonly Draft[]): Draft => {
  const [, from, name] = /^(\S+) AS (\S+)$/.exec(rest) ?? [];
  if (from === undefined || name === undefined) throw new Error(`Every stage needs a name: FROM ${rest}`);
  const { env = {}, directory = '/', user = null } = earlier.find((stage) => stage.name === from) ?? {};
  const own = { steps: [], volumes: [], command: null, healthCommand: null };
  return { name, from, env, directory, user, ...own };
};

const READERS: Readonly<Record<string, (stage: Draft, rest: string) => void>> = {
  WORKDIR(stage, rest) {
    stage.directory = rest;
  },
  ENV(stage, rest) {
    stage.env = { ...stage.env, ...Object.fromEntries(rest.split(/\s+/).map(assignment)) };
  },
  USER(stage, rest) {
    stage.user = rest;
  },
  VOLUME(stage, rest) {
    stage.volumes = words(rest);
  },
  EXPOSE() {},
  RUN(stage, rest) {
    const { options, remainder } = optionsOf(rest);
    const { directory, env } = stage;
    stage.steps.push({ kind: 'run', shell: remainder, caches: options.map(cacheTarget), directory, env });
  },
  COPY(stage, rest) {
    const { options, remainder } = optionsOf(rest);
    const stages = options.map((option) => {
      const [, from] = /^--from=(\S+)$/.exec(option) ?? [];
      if (from === undefined) throw new Error(`Unknown option of COPY: ${option}`);
      return from;
    });
    const paths = remainder.split(/\s+/);
    const { directory, env } = stage;
    const [sources, target] = [paths.slice(0, -1), paths.at(-1) ?? ''];
    stage.steps.push({ kind: 'copy', stage: stages[0] ?? null, sources, target, directory, env });
  },
  HEALTHCHECK(stage, rest) {
    const { remainder } = optionsOf(rest);
    stage.healthCommand = words(remainder.replace(/^CMD\s+/, ''));
  },
  CMD(stage, rest) {
    stage.command = words(rest);
  },
};

const assignment = (pair: string): [string, string] => {
  const [, name, value] = /^([A-Z_]+)=(\S*)$/.exec(pair) ?? [];
  if (name === undefined || value === undefined) throw new Error(`Not NAME=value: ENV ${pair}`);
  return [name, value];
};

const cacheTarget = (option: string): string => {
  const [, target] = /^--mount=type=cache,target=([^,\s]+)$/.exec(option) ?? [];
  if (target === undefined) throw new Error(`Unknown option of RUN: ${option}`);
  return target;
};

const optionsOf = (rest: string): { options: string[]; remainder: string } => {
  const [leading = ''] = /^(--\S+\s+)*/.exec(rest) ?? [];
  return {
    options: leading.split(/\s+/).filter((option) => option !== ''),
    remainder: rest.slice(leading.length),
  };
};

/** The JSON form: without a shell in between, signals reach the program. */
const words = (json: string): string[] => {
  const list: unknown = JSON.parse(json);
  if (!Array.isArray(list) || !list.every((word) => typeof word === 'string')) {
    throw new Error(`Not a JSON list of words: ${json}`);
  }
  return list;
};
