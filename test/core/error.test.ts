import { describe, expect, it } from 'vitest';
import { AppError, toAppError } from '../../src/core/error.ts';

const fault = (retryable: boolean): AppError =>
  new AppError({ code: 'engine-busy', retryable, userMessage: 'The engine is asleep.' });

describe('what an error says to the person waiting', () => {
  it('ends with what to do when it may pass, when it is final', () => {
    expect(fault(true).userMessage).toBe('The engine is asleep. Try again in a few minutes.');
  });

  it('asks nothing of the person while Parley retries', () => {
    expect(fault(true).waitingMessage).toBe('The engine is asleep. Parley will retry automatically.');
  });

  it('adds nothing to a final error, which says itself what to do', () => {
    expect(fault(false).userMessage).toBe('The engine is asleep.');
  });

  it('is a sentence even for unexpected errors', () => {
    expect(toAppError(new TypeError('x is undefined'))).toMatchObject({
      retryable: true,
      userMessage: 'Something went wrong on our side. Try again in a few minutes.',
    });
  });
});
