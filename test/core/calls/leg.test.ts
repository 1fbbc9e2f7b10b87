import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideLeg, newLeg } from '../../../src/core/calls/leg.ts';
import type { Leg, LegEnding, LegEvent } from '../../../src/core/calls/types.ts';
import type {
  ConversationId,
  LegId,
  MemberId,
  PhoneNumber,
  ProviderCallId,
  RecordingId,
} from '../../../src/core/ids.ts';

const callId = 'CA1' as ProviderCallId;
const recordingId = 'RE1' as RecordingId;
const other = 'RE2' as RecordingId;

const asked = newLeg(
  {
    id: 'L1' as LegId,
    conversationId: 'c1' as ConversationId,
    role: 'callee',
    number: '+442079460000' as PhoneNumber,
    name: '+44 20 7946 0000',
    memberId: null,
    requestedBy: 'U1' as MemberId,
  },
  1_000,
);

/** The events one after the other, a second apart, from second 2 on. */
const having = (...events: readonly LegEvent[]): Leg =>
  events.reduce((leg, event, i) => decideLeg(leg, event, 2_000 + i * 1_000), asked);

const dialStarted: LegEvent = { type: 'dial-started' };
const dialled: LegEvent = { type: 'dialled', callId };
const ringing: LegEvent = { type: 'ringing' };
const answered: LegEvent = { type: 'answered' };
const hangUpRequested: LegEvent = { type: 'hang-up-requested' };
const answeredBy = (by: 'person' | 'machine' | 'unknown'): LegEvent => ({ type: 'answered-by', by });
const endedAs = (how: LegEnding, reason: string | null = null): LegEvent => ({ type: 'ended', how, reason });
const began: LegEvent = { type: 'recording-began', recordingId, beganAtMs: 700 };
const ready: LegEvent = { type: 'recording-ready', recordingId };
const absent: LegEvent = { type: 'recording-absent', recordingId };
const kept: LegEvent = { type: 'recording-kept' };
const deleted: LegEvent = { type: 'recording-deleted' };

describe('the life of a leg', () => {
  it('goes from the wish over ringing and talking to its end, with the moments of both', () => {
    expect(asked).toMatchObject({ state: { name: 'queued' }, callId: null, createdAtMs: 1_000 });
    const leg = having(dialStarted, dialled, ringing, answered, answeredBy('person'), endedAs('hung-up'));
    expect(leg).toMatchObject({
      callId,
      state: { name: 'ended', how: 'hung-up', reason: null, by: 'person' },
      answeredAtMs: 5_000,
      endedAtMs: 7_000,
    });
  });

  it('begins answered when it is inbound', () => {
    const leg = newLeg({ ...asked, role: 'inbound', requestedBy: null, callId }, 9_000);
    expect(leg).toMatchObject({
      callId,
      state: { name: 'answered', by: 'unknown' },
      answeredAtMs: 9_000,
    });
  });

  it.each<LegEnding>(['busy', 'no-answer', 'failed', 'cancelled'])(
    'that was not answered ends as %s, without an answer time',
    (how) => {
      expect(having(dialStarted, ringing, endedAs(how, 'Because.'))).toMatchObject({
        state: { name: 'ended', how, reason: 'Because.' },
        answeredAtMs: null,
        endedAtMs: 4_000,
      });
    },
  );

  it('was answered if it was hung up, even without an event of the answer', () => {
    expect(having(dialStarted, endedAs('hung-up'))).toMatchObject({
      state: { how: 'hung-up' },
      answeredAtMs: 3_000,
      endedAtMs: 3_000,
    });
  });

  it('was answered if the room was full, which stays its ending', () => {
    for (const events of [[answered], []]) {
      const leg = having(dialStarted, ...events, endedAs('room-full', 'Full.'), answered, endedAs('hung-up'));
      expect(leg).toMatchObject({
        state: { name: 'ended', how: 'room-full', reason: 'Full.' },
        answeredAtMs: 3_000,
      });
    }
  });

  it('is cancelled when our side hangs up before an answer, whatever the network calls it', () => {
    for (const how of ['hung-up', 'no-answer', 'busy', 'cancelled'] as const) {
      const leg = having(dialStarted, ringing, hangUpRequested, endedAs(how));
      expect(leg).toMatchObject({
        state: { name: 'ended', how: 'cancelled' },
        answeredAtMs: null,
        hangUpRequested: false,
      });
    }
    expect(having(dialStarted, hangUpRequested, endedAs('failed', 'Gone.'))).toMatchObject({
      state: { how: 'failed', reason: 'Gone.' },
    });
  });

  it('is cancelled at once when it was not dialled yet, and is not dialled any more', () => {
    const leg = having(hangUpRequested, dialStarted);
    expect(leg).toMatchObject({ state: { name: 'ended', how: 'cancelled' }, endedAtMs: 2_000 });
  });

  it('was hung up and not cancelled when an answer is reported late', () => {
    expect(having(dialStarted, hangUpRequested, endedAs('cancelled'), answered)).toMatchObject({
      state: { name: 'ended', how: 'hung-up' },
      answeredAtMs: 4_000,
      endedAtMs: 4_000,
    });
  });

  it('keeps its first ending, and takes a reason that was missing', () => {
    expect(having(dialStarted, endedAs('failed'), endedAs('busy', 'Busy.')).state).toMatchObject({
      how: 'failed',
      reason: null,
    });
    const late = having(dialStarted, endedAs('failed'), endedAs('failed', 'No such line.'));
    expect(late).toMatchObject({ state: { how: 'failed', reason: 'No such line.' }, endedAtMs: 3_000 });
  });

  it('is not asked to hang up once it has ended', () => {
    const leg = having(dialStarted, endedAs('busy'));
    expect(decideLeg(leg, hangUpRequested, 9_000)).toBe(leg);
  });

  it('stays declined', () => {
    const leg = having(dialStarted, answered, { type: 'declined' }, answered, endedAs('hung-up'));
    expect(leg.declined).toBe(true);
  });

  it('is the same object after an event without news', () => {
    const leg = having(dialStarted, dialled, answered, answeredBy('machine'), began, ready);
    for (const event of [dialStarted, dialled, ringing, answered, answeredBy('unknown'), began, ready]) {
      expect(decideLeg(leg, event, 99_000)).toBe(leg);
    }
  });
});

describe('the recording of a leg', () => {
  it('runs, is ready or absent, and is kept or deleted', () => {
    expect(having(answered, began).recording).toEqual({ id: recordingId, state: 'running', beganAtMs: 700 });
    expect(having(began, absent).recording?.state).toBe('absent');
    expect(having(began, ready, kept).recording?.state).toBe('kept');
    expect(having(began, ready, deleted, ready, kept).recording?.state).toBe('deleted');
    expect(having(began, deleted, ready).recording?.state).toBe('deleted');
  });

  it('may be ready before its start was stored, which then is unknown', () => {
    expect(having(ready).recording).toEqual({ id: recordingId, state: 'ready', beganAtMs: null });
    expect(having(ready, began).recording).toEqual({ id: recordingId, state: 'ready', beganAtMs: 700 });
  });

  it('is one: events of another are ignored, unless the first is absent', () => {
    expect(having(began, { type: 'recording-ready', recordingId: other }).recording?.id).toBe(recordingId);
    const second: LegEvent = { type: 'recording-ready', recordingId: other };
    expect(having(began, absent, second).recording).toMatchObject({ id: other, state: 'ready' });
    expect(having(second, began, absent).recording).toMatchObject({ id: other, state: 'ready' });
  });

  it('that there is not is neither kept nor deleted', () => {
    expect(having(kept, deleted)).toBe(asked);
  });
});

describe('events of a leg', () => {
  const reported = fc.record({
    ending: fc.constantFrom<LegEvent[]>(
      [],
      [endedAs('hung-up')],
      [endedAs('busy')],
      [endedAs('no-answer')],
      [endedAs('failed', 'Why.'), endedAs('failed')],
    ),
    answer: fc.constantFrom<LegEvent[]>(
      [],
      [answered],
      [answeredBy('person')],
      [answered, answeredBy('machine'), answeredBy('unknown')],
    ),
    recording: fc.constantFrom<LegEvent[]>([], [began], [began, ready], [began, absent]),
    others: fc.subarray<LegEvent>([dialStarted, dialled, ringing, { type: 'declined' }]),
  });
  const facts = reported.map(({ ending, answer, recording, others }) => [
    ...ending,
    ...answer,
    ...recording,
    ...others,
  ]);
  const timeless = ({ answeredAtMs, endedAtMs, ...leg }: Leg) => ({
    ...leg,
    wasAnswered: answeredAtMs !== null,
    hasEnded: endedAtMs !== null,
  });
  const inTime = (leg: Leg): void => {
    if (leg.answeredAtMs !== null && leg.endedAtMs !== null) {
      expect(leg.answeredAtMs).toBeLessThanOrEqual(leg.endedAtMs);
    }
    expect(leg.endedAtMs !== null).toBe(leg.state.name === 'ended');
    if (leg.state.name === 'answered') expect(leg.answeredAtMs).not.toBeNull();
    if (leg.state.name === 'ended' && leg.state.how === 'hung-up') expect(leg.answeredAtMs).not.toBeNull();
  };
  /** The same events in another order, some of them more than once. */
  const shuffled = (events: readonly LegEvent[]) =>
    fc
      .array(fc.nat(Math.max(0, events.length - 1)), { maxLength: 8 })
      .map((again) => [...events, ...again.flatMap((i) => events.slice(i, i + 1))])
      .chain((all) => fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }));

  it('lead to one state, in any order and however often they are repeated', () => {
    fc.assert(
      fc.property(
        facts.chain((events) => fc.record({ events: fc.constant(events), shuffled: shuffled(events) })),
        ({ events, shuffled }) => {
          const leg = having(...shuffled);
          expect(timeless(leg)).toEqual(timeless(having(...events)));
          inTime(leg);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('lead to one state also around our hanging up, which counts if it is before the end', () => {
    const hungUp = facts.filter((events) => events.some(({ type }) => type === 'ended'));
    fc.assert(
      fc.property(
        hungUp.chain((events) => fc.tuple(shuffled(events), shuffled(events))),
        ([one, two]) => {
          const [first, second] = [one, two].map((events) => {
            const leg = having(dialStarted, hangUpRequested, ...events);
            inTime(leg);
            return timeless(leg);
          });
          expect(first).toEqual(second);
          expect(first!.hangUpRequested).toBe(false);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('never leads backwards', () => {
    const order = ['queued', 'dialling', 'ringing', 'answered', 'ended'];
    fc.assert(
      fc.property(facts.chain(shuffled), fc.nat(12), (events, at) => {
        let last = 0;
        let leg = asked;
        for (const event of events.toSpliced(at, 0, hangUpRequested)) {
          leg = decideLeg(leg, event, 2_000);
          const step = order.indexOf(leg.state.name);
          expect(step).toBeGreaterThanOrEqual(last);
          last = step;
        }
      }),
    );
  });
});
