import { describe, expect, it } from 'vitest';
import { closingAnnouncement } from '../../../src/core/calls/closing-announcement.ts';
import { SPOKEN } from '../../../src/core/calls/spoken.ts';
import type { LegState } from '../../../src/core/calls/types.ts';
import type { MeetingState } from '../../../src/core/conversation/types.ts';

const OPEN: MeetingState = { name: 'open' };
const ENDING: MeetingState = { name: 'ending', by: null };
const ANSWERED: LegState = { name: 'answered', by: 'person' };
const ended = (how: 'room-full' | 'failed' | 'hung-up', reason: string | null = null): LegState => ({
  name: 'ended',
  how,
  reason,
  by: 'person',
});

describe('what a telephone hears last', () => {
  it.each<[string, LegState, MeetingState, number, readonly string[]]>([
    [
      'there is no place for it',
      ended('room-full', 'It is full.'),
      OPEN,
      1,
      ['It is full.', SPOKEN.tryLater],
    ],
    [
      'the call that is over for it',
      ended('room-full', 'It is full.'),
      ENDING,
      1,
      ['It is full.', SPOKEN.tryLater],
    ],
    ['everybody is told that it is over', ANSWERED, ENDING, 1, [SPOKEN.over]],
    ['it alone is hung up', ANSWERED, OPEN, 1, [SPOKEN.hungUp]],
    ['it was on for as long as may be', ANSWERED, OPEN, 60_000, [SPOKEN.tooLong]],
    // Why a call failed is for those who asked for it, and not for whoever picks up all the same.
    ['it is on although it was given up', ended('failed', 'No credit.'), ENDING, 1, [SPOKEN.over]],
  ])('when %s', (_when, state, conversation, afterMs, said) => {
    const at = { maxDurationMs: 60_000, nowMs: 1_000 + afterMs };
    expect(closingAnnouncement({ state, answeredAtMs: 1_000 }, { state: conversation }, at)).toEqual(said);
  });
});
