import { describe, expect, it } from 'vitest';
import { whyCallRefused } from '../../../src/core/calls/call-limits.ts';
import { DEFAULT_SETTINGS } from '../../../src/core/calls/settings.ts';
import type { CallCounts } from '../../../src/core/calls/types.ts';
import type { MemberId } from '../../../src/core/ids.ts';

const by = 'U1' as MemberId;
const limits = { perMember: 3, perChannel: 5, perWorkspace: 8, concurrent: 2, maxDurationMs: 1 };
const none: CallCounts = { byMember: 0, byChannel: 0, byWorkspace: 0, concurrent: 0 };
const refusal = (counts: Partial<CallCounts>, settings = DEFAULT_SETTINGS, legs?: number) =>
  whyCallRefused({
    counts: { ...none, ...counts },
    limits,
    settings,
    by,
    ...(legs === undefined ? {} : { legs }),
  });

describe('who may call, and how often', () => {
  it('is everyone up to each limit', () => {
    expect(refusal({ byMember: 2, byChannel: 4, byWorkspace: 7, concurrent: 1 })).toBeNull();
  });

  it.each([
    [{ byMember: 3 }, /^You’ve reached the limit of 3 calls in 24 hours/],
    [{ byChannel: 5 }, /^This channel has reached the limit of 5 calls/],
    [{ byWorkspace: 9 }, /^This workspace has reached the limit of 8 calls/],
    [{ concurrent: 2 }, /^All 2 lines are in use/],
  ])('is refused at %o', (counts, sentence) => {
    expect(refusal(counts)).toMatch(sentence);
  });

  it('counts every phone that is called', () => {
    expect(refusal({ concurrent: 1 }, DEFAULT_SETTINGS, 2)).toMatch(/in use/);
    expect(refusal({ byMember: 1 }, DEFAULT_SETTINGS, 2)).toBeNull();
  });

  it('may be some people only, or no one', () => {
    expect(refusal({}, { ...DEFAULT_SETTINGS, callers: [by] })).toBeNull();
    expect(refusal({}, { ...DEFAULT_SETTINGS, callers: ['U2' as MemberId] })).toMatch(
      /limited to certain people/,
    );
    expect(refusal({}, { ...DEFAULT_SETTINGS, callers: [] })).toMatch(/limited to certain people/);
  });
});
