import { describe, expect, it } from 'vitest';
import { createResumeTokens } from '../../src/media/resume-tokens.ts';

const secret = new TextEncoder().encode('a secret of thirty-two characters');
const ada = 'U1';
const bob = 'U2';

describe('a resume token', () => {
  it('is valid in a later process, for this person and this meeting only', () => {
    const token = createResumeTokens({ secret, meeting: 'm1' }).tokenFor(ada);
    const later = createResumeTokens({ secret, meeting: 'm1' });
    expect(later.isTokenOf(ada, token)).toBe(true);
    expect(later.isTokenOf(bob, token)).toBe(false);
    expect(createResumeTokens({ secret, meeting: 'm2' }).isTokenOf(ada, token)).toBe(false);
    expect(createResumeTokens({ secret: secret.slice(1), meeting: 'm1' }).isTokenOf(ada, token)).toBe(false);
  });

  it('differs each time, is as short as an id, and is invalid when altered', () => {
    const tokens = createResumeTokens({ secret, meeting: 'm1' });
    const token = tokens.tokenFor(ada);
    expect(tokens.tokenFor(ada)).not.toBe(token);
    expect(token.length).toBeLessThanOrEqual(64);
    for (const bad of [
      '',
      '.',
      token.slice(1),
      `${token}x`,
      token.split('.')[0]!,
      `.${token.split('.')[1]}`,
    ]) {
      expect(tokens.isTokenOf(ada, bad)).toBe(false);
    }
  });
});
