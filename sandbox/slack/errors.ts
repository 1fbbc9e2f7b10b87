import type { Json } from './types.ts';

/** An answer of the Web API with `ok: false`; `code` is Slack's own name for it. */
export class SlackError extends Error {
  readonly code: string;
  readonly details: Json;

  constructor(code: string, details: Json = {}) {
    super(code);
    this.name = 'SlackError';
    this.code = code;
    this.details = details;
  }
}

/** `invalid_arguments`, `invalid_blocks` and their like: each fault with the place where it is. */
export const faultsError = (code: string, faults: readonly string[]): SlackError =>
  new SlackError(code, {
    errors: faults,
    response_metadata: { messages: faults.map((fault) => `[ERROR] ${fault}`) },
  });
