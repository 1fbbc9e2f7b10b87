import { describe, expect, it } from 'vitest';
import { whyCallRefused } from '../../../src/core/calls/dialling.ts';
import { DEFAULT_SETTINGS } from '../../../src/core/calls/settings.ts';
import type { CallCounts } from '../../../src/core/calls/types.ts';
import type { MemberId } from '../../../src/core/ids.ts';

const by = 'U1' as MemberId;
const limits = { perMember: 3, perChannel: 5, perWorkspace: 8, concurrent: 2, maxDurationMs: 1 };
const none: CallCounts = { byMember: 0, byChannel: 0, byWorkspace: 0, concurrent: 0 };
const refusal = (counts: Partial<CallCounts>, settings = DEFAULT_SETTINGS, telephones?: number) =>
  whyCallRefused({
    counts: { ...none, ...counts },
    limits,
    settings,
    by,
    ...(telephones === undefined ? {} : { telephones }),
  });

describe('who may have a telephone rung, and how often', () => {
  it('is everybody up to each cap', () => {
    expect(refusal({ byMember: 2, byChannel: 4, byWorkspace: 7, concurrent: 1 })).toBeNull();
  });

  it.each([
    [{ byMember: 3 }, /^You may have 3 telephones rung in 24 hours/],
    [{ byChannel: 5 }, /^This channel may have 5/],
    [{ byWorkspace: 9 }, /^This workspace may have 8/],
    [{ concurrent: 2 }, /at once \(2\)/],
  ])('is refused at %o', (counts, sentence) => {
    expect(refusal(counts)).toMatch(sentence);
  });

  it('counts every telephone that is to ring', () => {
    expect(refusal({ concurrent: 1 }, DEFAULT_SETTINGS, 2)).toMatch(/at once/);
    expect(refusal({ byMember: 1 }, DEFAULT_SETTINGS, 2)).toBeNull();
  });

  it('may be some people only, or nobody', () => {
    expect(refusal({}, { ...DEFAULT_SETTINGS, callers: [by] })).toBeNull();
    expect(refusal({}, { ...DEFAULT_SETTINGS, callers: ['U2' as MemberId] })).toMatch(/only some people/);
    expect(refusal({}, { ...DEFAULT_SETTINGS, callers: [] })).toMatch(/only some people/);
  });
});
