import type { Json } from './types.ts';

/** A Web API response with `ok: false`. `code` is Slack's. */
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

/** `invalid_arguments`, `invalid_blocks` and similar: each fault with its location. */
export const faultsError = (code: string, faults: readonly string[]): SlackError =>
  new SlackError(code, {
    errors: faults,
    response_metadata: { messages: faults.map((fault) => `[ERROR] ${fault}`) },
  });
