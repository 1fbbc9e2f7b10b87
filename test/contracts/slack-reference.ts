import { readdirSync, readFileSync } from 'node:fs';
import { Ajv, type AnySchema } from 'ajv';
import addFormats from 'ajv-formats';
import { z } from 'zod';

/** Slack's own reference, from `slack/`: what it says of each method, and its manifest's schema. */

const read = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`./slack/${path}`, import.meta.url), 'utf8'));

const Method = z.object({
  /** Either the scopes by kind of token, or one scope for any token; empty where every token may call it. */
  scope: z.union([
    z.string().transform((scope) => [scope]),
    z.object({ bot: z.array(z.string()).default([]) }).transform(({ bot }) => bot),
  ]),
  /** `t1` to `t4`; `t5`, or none, stands for a limit of the method's own. */
  rate_limits: z.enum(['t1', 't2', 't3', 't4', 't5']).default('t5'),
  args: z.object({
    required: z.array(z.string()).default([]),
    properties: z.record(z.string(), z.record(z.string(), z.unknown())),
  }),
  output: z.record(z.string(), z.unknown()).nullish(),
  errors: z.record(z.string(), z.object({ desc: z.string() })),
});
export type SlackMethod = z.infer<typeof Method>;

/** By name. */
export const SLACK_METHODS: ReadonlyMap<string, SlackMethod> = new Map(
  readdirSync(new URL('./slack/methods', import.meta.url)).map((file) => [
    file.replace(/\.json$/, ''),
    Method.parse(read(`methods/${file}`)),
  ]),
);

/** The errors that any method may answer, with what they mean. */
export const SLACK_COMMON_ERRORS = z.record(z.string(), z.string()).parse(read('common_errors.json'));

const ajv = new Ajv({ allErrors: true, strict: false });
(addFormats as unknown as (instance: Ajv) => void)(ajv);
const manifestFits = ajv.compile(read('manifest.schema.2.0.0.json') as AnySchema);

/** Where a manifest is not one that Slack's schema allows, with the reason; empty for a valid one. */
export const manifestFaults = (manifest: unknown): readonly string[] => {
  void manifestFits(manifest);
  return (manifestFits.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
};

/** The names of Slack's own slash commands, without their slash. */
export const RESERVED_COMMANDS: ReadonlySet<string> = new Set(
  Object.values(
    z.object({ sources: z.record(z.string(), z.array(z.string())) }).parse(read('reserved-commands.json'))
      .sources,
  ).flat(),
);
