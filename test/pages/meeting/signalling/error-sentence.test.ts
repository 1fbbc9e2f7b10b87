import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SOMETHING_WENT_WRONG } from '../../../../src/pages/meeting/sentences.ts';
import { errorSentence, peerErrorSentence } from '../../../../src/pages/meeting/signalling/error-sentence.ts';
import { RequestRefused } from '../../../../src/pages/shared/request-channel.ts';

const logged = vi.spyOn(console, 'error');
beforeEach(() => void logged.mockImplementation(() => {}));
afterEach(() => void logged.mockReset());

it.each(['not-allowed', 'no-consent', 'full', 'failed'])(
  'shows the sentence of %s, which is for people',
  (code) => {
    expect(errorSentence(new RequestRefused(code, 'Only the host can do that.'))).toBe(
      'Only the host can do that.',
    );
    expect(logged).not.toHaveBeenCalled();
  },
);

it.each(['bad-request', 'wrong-order', 'unsupported', 'not-found', 'of a later version'])(
  'logs %s, which is about the protocol, and shows a plain sentence',
  (code) => {
    const error = new RequestRefused(code, 'There is no transport yet.');
    expect(errorSentence(error)).toBe(SOMETHING_WENT_WRONG);
    expect(logged).toHaveBeenCalledExactlyOnceWith(error);
  },
);

it('shows that a person has left meanwhile', () => {
  expect(peerErrorSentence(new RequestRefused('not-found', 'That person has left.'))).toBe(
    'That person has left.',
  );
});

it('logs whatever else goes wrong', () => {
  expect(errorSentence(new TypeError('x is not a function'))).toBe(SOMETHING_WENT_WRONG);
  expect(logged).toHaveBeenCalledOnce();
});
