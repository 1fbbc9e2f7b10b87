import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Tokens with which participants resume, also in the process that comes after this one. */
export interface ResumeTokens {
  tokenFor(personId: string): string;
  isTokenOf(personId: string, token: string): boolean;
}

/** 128 bits of each: out of reach of guessing, and short enough for the id of a message. */
const BYTES = 16;

/**
 * Tokens of one meeting, each valid for one person. Nothing is stored: any process with the `secret` can verify them.
 */
export const createResumeTokens = (options: {
  readonly secret: Uint8Array;
  readonly meeting: string;
}): ResumeTokens => {
  const sign = (personId: string, nonce: string): string =>
    createHmac('sha256', options.secret)
      .update(JSON.stringify(['parley:seat', options.meeting, personId, nonce]))
      .digest()
      .subarray(0, BYTES)
      .toString('base64url');
  return {
    tokenFor(personId) {
      const nonce = randomBytes(BYTES).toString('base64url');
      return `${nonce}.${sign(personId, nonce)}`;
    },
    isTokenOf(personId, token) {
      const [nonce = '', given = ''] = token.split('.');
      const expected = Buffer.from(sign(personId, nonce));
      const actual = Buffer.from(given);
      return actual.length === expected.length && timingSafeEqual(actual, expected);
    },
  };
};
