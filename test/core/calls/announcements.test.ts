import { describe, expect, it } from 'vitest';
import { closingAnnouncement } from '../../../src/core/calls/announcements.ts';
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

describe('the closing announcement', () => {
  it.each<[string, LegState, MeetingState, number, readonly string[]]>([
    ['the room is full', ended('room-full', 'It is full.'), OPEN, 1, ['It is full.', SPOKEN.tryLater]],
    [
      'the room was full and the call is over',
      ended('room-full', 'It is full.'),
      ENDING,
      1,
      ['It is full.', SPOKEN.tryLater],
    ],
    ['the call ends for everyone', ANSWERED, ENDING, 1, [SPOKEN.over]],
    ['it alone is hung up', ANSWERED, OPEN, 1, [SPOKEN.hungUp]],
    ['its time limit is reached', ANSWERED, OPEN, 60_000, [SPOKEN.tooLong]],
    // Why a call failed is for those who asked for it, not for the person who picks up after all.
    ['it is connected although dialling failed', ended('failed', 'No credit.'), ENDING, 1, [SPOKEN.over]],
  ])('when %s', (_when, state, conversation, afterMs, said) => {
    const at = { maxDurationMs: 60_000, nowMs: 1_000 + afterMs };
    expect(closingAnnouncement({ state, answeredAtMs: 1_000 }, { state: conversation }, at)).toEqual(said);
  });
});
