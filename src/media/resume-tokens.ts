import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Identity } from './signalling/participant.ts';

/** The tokens with which people take up their places again, also in the process that comes after this one. */
export interface ResumeTokens {
  tokenFor(identity: Identity): string;
  isTokenOf(identity: Identity, token: string): boolean;
}

/** 128 bits of each: nobody guesses one, and a token still fits where a short id is expected. */
const BYTES = 16;

/** Tokens of one meeting, each good for one person, and nowhere else. Nothing is stored: whoever has `secret` can tell. */
export const createResumeTokens = (options: {
  readonly secret: Uint8Array;
  readonly meeting: string;
}): ResumeTokens => {
  const seal = ({ personId }: Identity, nonce: string): string =>
    createHmac('sha256', options.secret)
      .update(JSON.stringify(['parley:seat', options.meeting, personId, nonce]))
      .digest()
      .subarray(0, BYTES)
      .toString('base64url');
  return {
    tokenFor(identity) {
      const nonce = randomBytes(BYTES).toString('base64url');
      return `${nonce}.${seal(identity, nonce)}`;
    },
    isTokenOf(identity, token) {
      const [nonce = '', given = ''] = token.split('.');
      const right = Buffer.from(seal(identity, nonce));
      const shown = Buffer.from(given);
      return shown.length === right.length && timingSafeEqual(shown, right);
    },
  };
};
