import type { ErrorRequestHandler } from 'express';
import type { Log } from '../../../src/core/ports.ts';

/** An error of a control API: an HTTP status and a sentence. */
export class ControlError extends Error {
  readonly status: number;

  constructor(status: number, sentence: string) {
    super(sentence);
    this.name = 'ControlError';
    this.status = status;
  }
}

/** Answers every error of a control interface with a sentence. */
export const controlErrors =
  (name: 'workspace' | 'phone network', log: Log): ErrorRequestHandler =>
  (error, _request, response, next) => {
    if (response.headersSent) {
      next(error);
    } else if (error instanceof ControlError) {
      response.status(error.status).json({ error: error.message });
    } else if ((error as { type?: string }).type?.startsWith('entity.')) {
      response.status(400).json({ error: 'The body of the request can’t be read.' });
    } else {
      log.error({ err: error, simulator: name }, 'a control request failed');
      response.status(500).json({ error: `The ${name} failed. Its log says why.` });
    }
  };
