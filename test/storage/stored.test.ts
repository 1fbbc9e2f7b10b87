import { describe, expect, test } from 'vitest';
import { parsePayload } from '../../src/storage/jobs/payload.ts';
import { readable } from '../../src/storage/stored.ts';
import { fromStoredName, toStoredName } from '../../src/storage/stored-names.ts';
import { fromRow, toRow } from '../../src/storage/tx/conversation-row.ts';
import { fromLegRow } from '../../src/storage/tx/leg-row.ts';
import { meeting, recording } from './support/samples.ts';

/** What a driver returns for a saved conversation. */
const rowOf = (conversation: Parameters<typeof toRow>[0], state?: unknown) => {
  const row = toRow(conversation);
  return {
    ...row,
    origin: 'o',
    created_at_ms: String(row.created_at_ms),
    started_at_ms: null,
    ended_at_ms: null,
    source: row.source === null ? null : JSON.parse(row.source),
    state: state ?? JSON.parse(row.state),
  };
};
const LEG = {
  id: 'l',
  added: '1',
  conversation_id: 'c',
  workspace_id: 'T1',
  channel_id: 'C1',
  role: 'far',
  number: '+442079460000',
  extension: null,
  name: 'Ann',
  member_id: null,
  rung_by: null,
  call_id: null,
  state: { name: 'asked' } as unknown,
  hang_up_asked: false,
  declined: false,
  recording: null,
  created_at_ms: '1',
  answered_at_ms: null,
  ended_at_ms: null,
};
const LEFT_ALONE = { name: 'AppError', retryable: true };

describe('stored names', () => {
  test.each([
    [{ name: 'heard' }, 'transcribed'],
    [{ name: 'transcribed' }, 'transcribed'],
    [{ name: 'unposted', because: 'not-in-channel', sent: false }, 'undelivered'],
    [{ name: 'undelivered', because: 'not-in-channel', sent: false }, 'undelivered'],
  ])('of the first release and of this one are read: %j', (state, name) => {
    expect(fromRow(rowOf(recording('r'), state)).state.name).toBe(name);
    expect(fromRow(rowOf(meeting('m'), state)).state.name).toBe(name);
  });

  test('are written as the first release reads them', () => {
    expect(JSON.parse(toRow(recording('r', { state: { name: 'transcribed' } })).state)).toEqual({
      name: 'heard',
    });
    expect(toStoredName('legState', 'ringing')).toBe('ringing');
    expect(fromStoredName('legRole', 'own')).toBe('caller');
  });

  test('of a job are read from both releases', () => {
    for (const name of ['tend-leg', 'reconcile-leg']) {
      expect(parsePayload({ job: { name, legId: 'l' }, forgiven: 2 })).toEqual({
        job: { name: 'reconcile-leg', legId: 'l' },
        forgiven: 2,
        // What that release did not store.
        kills: 0,
        counted: null,
      });
    }
  });
});

describe('what a newer version stored', () => {
  const unknownStates = [{ name: 'translated' }, { name: 'published' }, {}, null, 'open'];

  test.each(unknownStates)('in the state of a conversation is left alone, to be read later: %j', (state) => {
    for (const conversation of [recording('r'), meeting('m')]) {
      const row = { ...rowOf(conversation), state };
      expect(() => fromRow(row)).toThrow(expect.objectContaining(LEFT_ALONE));
      expect(readable([row, rowOf(conversation)], fromRow)).toEqual([conversation]);
    }
  });

  test('in a leg is left alone, to be read later', () => {
    expect(fromLegRow(LEG)).toMatchObject({ role: 'callee', state: { name: 'queued' } });
    for (const change of [
      { role: 'observer' },
      { state: { name: 'on-hold' } },
      { recording: { id: 'RE' } },
    ]) {
      expect(() => fromLegRow({ ...LEG, ...change })).toThrow(expect.objectContaining(LEFT_ALONE));
    }
  });

  test('beside what this version knows is kept', () => {
    const state = { name: 'open', lobby: true };
    expect(fromRow(rowOf(meeting('m'), state)).state).toEqual(state);
  });

  test('as an error code is an unexpected error', () => {
    const state = { name: 'waiting', because: 'engine-on-holiday' };
    expect(fromRow(rowOf(recording('r'), state)).state).toEqual({ name: 'waiting', because: 'unexpected' });
  });
});
