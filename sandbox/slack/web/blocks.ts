import { z } from 'zod';
import { parseMessageBlocks, parseView } from '../blocks/check.ts';
import { SlackError } from '../errors.ts';
import type { Json } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { args, method } from './method.ts';

const given = args.json('invalid_arguments').optional();

/** Exactly one of the three, as Slack wants. */
const validate = method({
  token: 'bot',
  scopes: [],
  tier: 'special',
  args: z.object({ blocks: given, message: given, view: given }),
  run: (workspace, { blocks, message, view }) => {
    if (workspace.failures.isOn('no-blocks-validate')) {
      throw new SlackError('unknown_method', { req_method: 'blocks.validate' });
    }
    const checks = [
      ...(blocks === undefined ? [] : [() => checkBlocks(workspace, blocks, 'invalid_blocks')]),
      ...(message === undefined
        ? []
        : [() => checkBlocks(workspace, (message as { blocks?: unknown }).blocks, 'invalid_message')]),
      ...(view === undefined ? [] : [() => checkView(workspace, view)]),
    ];
    const [check] = checks;
    if (check === undefined || checks.length > 1) {
      const messages = ['must provide exactly one of `blocks`, `view`, or `message`'];
      throw new SlackError('invalid_arguments', { response_metadata: { messages } });
    }
    check();
    return {};
  },
});

const checkBlocks = (workspace: Workspace, blocks: unknown, otherwise: string): void =>
  check(otherwise, '/blocks', () => parseMessageBlocks(blocks, workspace.store.files.get));

const checkView = (workspace: Workspace, view: unknown): void => {
  const kind = (view as { type?: unknown } | null)?.type === 'home' ? 'home' : 'modal';
  check('invalid_view', '/view', () => parseView(view, kind, workspace.store.files.get));
};

/** Faults in the form of this method: with a pointer from the payload's own root. */
const check = (code: string, root: string, parse: () => unknown): void => {
  try {
    parse();
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    const faults = Array.isArray(error.details.errors) ? (error.details.errors as string[]) : [error.code];
    throw new SlackError(code, { errors: faults.map((fault) => validationError(fault, root)) });
  }
};

const validationError = (fault: string, root: string): Json => {
  const [, message = fault, pointer = ''] = /^(.*) \[json-pointer:(.*)\]$/.exec(fault) ?? [];
  return { code: 'failed_constraint', message, pointer: pointer.slice(root.length) };
};

export const blockMethods = { 'blocks.validate': validate };
