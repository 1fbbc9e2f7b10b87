import { describe, expect, it } from 'vitest';
import { createResumeTokens } from '../../src/media/resume-tokens.ts';

const secret = new TextEncoder().encode('a secret of thirty-two characters');
const ada = { personId: 'ada', name: 'Ada', host: true };
const bob = { personId: 'bob', name: 'Bob', host: false };

describe('the token of a place', () => {
  it('is known again by a later process, for this person and this meeting alone', () => {
    const token = createResumeTokens({ secret, meeting: 'm1' }).tokenFor(ada);
    const later = createResumeTokens({ secret, meeting: 'm1' });
    expect(later.isTokenOf(ada, token)).toBe(true);
    expect(later.isTokenOf({ ...ada, name: 'Ada L.' }, token)).toBe(true);
    expect(later.isTokenOf(bob, token)).toBe(false);
    expect(createResumeTokens({ secret, meeting: 'm2' }).isTokenOf(ada, token)).toBe(false);
    expect(createResumeTokens({ secret: secret.slice(1), meeting: 'm1' }).isTokenOf(ada, token)).toBe(false);
  });

  it('differs each time, fits where ids go, and is nothing when altered', () => {
    const seats = createResumeTokens({ secret, meeting: 'm1' });
    const token = seats.tokenFor(ada);
    expect(seats.tokenFor(ada)).not.toBe(token);
    expect(token.length).toBeLessThanOrEqual(64);
    for (const bad of [
      '',
      '.',
      token.slice(1),
      `${token}x`,
      token.split('.')[0]!,
      `.${token.split('.')[1]}`,
    ]) {
      expect(seats.isTokenOf(ada, bad)).toBe(false);
    }
  });
});
