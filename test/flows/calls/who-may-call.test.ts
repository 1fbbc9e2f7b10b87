import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../src/core/calls/settings.ts';
import type { MemberId, PhoneNumber } from '../../../src/core/ids.ts';
import { CALLS } from '../../../src/flows/sentences.ts';
import {
  ANA,
  BEN,
  channelId,
  createStage,
  LONDON,
  type StageOptions,
  workspaceId,
} from '../support/stage.ts';

const HOUR_MS = 3_600_000;
const ONLY_SOME = /limited to certain people/;

/** Requests for calls, where three a day are allowed and no phone rings. */
const openRequests = (ports: StageOptions['ports'] = {}) => {
  const stage = createStage({ limits: { perMember: 3, perChannel: 100 }, ports });
  const { requests, rooms } = stage.instance('one');
  return {
    ...requests,
    rooms,
    plan: () => requests.planCall({ workspaceId, channelId, by: ANA, to: null, text: '+44 20 7946 0000' }),
    place: (origin: string) =>
      requests.placeCall({
        workspaceId,
        channelId,
        by: ANA,
        number: LONDON,
        memberId: null,
        title: '',
        from: 'browser',
        origin,
      }),
    later: (ms: number) => stage.clock.advance(ms),
    allowOnly: (callers: readonly MemberId[] | null) =>
      stage.transact((tx) => tx.saveCallSettings(workspaceId, { ...DEFAULT_SETTINGS, callers })),
  };
};

describe('calling', () => {
  it('is for everyone, or for those whom the workspace chose, also while media are starting', async () => {
    const at = openRequests();
    expect(await at.callUnavailableReason(workspaceId, ANA)).toBeNull();
    await at.allowOnly([BEN]);
    expect(await at.callUnavailableReason(workspaceId, ANA)).toMatch(ONLY_SOME);
    expect(await at.callUnavailableReason(workspaceId, BEN)).toBeNull();
    at.rooms.setUnavailable('Media are starting.');
    expect(await at.callUnavailableReason(workspaceId, BEN)).toBeNull();
    expect(await at.plan()).toEqual({ refused: 'Media are starting.' });
  });

  it('is for no one where no phone provider is configured', async () => {
    const at = openRequests({ calls: null });
    expect(await at.callUnavailableReason(workspaceId, ANA)).toBe(CALLS.noPhones);
    expect(await at.plan()).toEqual({ refused: CALLS.noPhones });
    expect(await at.place('x')).toEqual({ refused: CALLS.noPhones });
  });

  it('oneself is refused: two voices of one member could not be told apart', async () => {
    const at = openRequests();
    await at.saveOwnNumber(workspaceId, ANA, '+44 20 7946 0101');
    const request = { workspaceId, channelId, by: ANA, text: '' };
    expect(await at.planCall({ ...request, to: ANA })).toEqual({ refused: CALLS.toYourself });
    expect(await at.planCall({ ...request, to: null, text: '+44 20 7946 0101' })).not.toHaveProperty(
      'refused',
    );
    await at.saveOwnNumber(workspaceId, BEN, '+44 20 7946 0103');
    expect(await at.planCall({ ...request, to: BEN })).toMatchObject({
      number: '+442079460103' as PhoneNumber,
    });
  });
});

describe('a confirmation that is pressed hours later', () => {
  it('is refused to who may not call any more', async () => {
    const at = openRequests();
    expect(await at.plan()).not.toHaveProperty('refused');
    await at.later(5 * HOUR_MS);
    await at.allowOnly([BEN]);
    expect(await at.place('late')).toEqual({ refused: expect.stringMatching(ONLY_SOME) });
    await at.allowOnly(null);
    expect(await at.place('late')).toHaveProperty('conversationId');
  });

  it('counts the calls that were placed meanwhile', async () => {
    const at = openRequests();
    expect(await at.plan()).not.toHaveProperty('refused');
    for (const origin of ['a', 'b', 'c']) expect(await at.place(origin)).toHaveProperty('conversationId');
    await at.later(5 * HOUR_MS);
    expect(await at.place('d')).toEqual({ refused: expect.stringMatching(/\b3\b.*24 hours/) });
    await at.later(24 * HOUR_MS);
    expect(await at.place('e')).toHaveProperty('conversationId');
  });

  it('is the same call when it was placed already', async () => {
    const at = openRequests();
    const first = await at.place('twice');
    await at.later(5 * HOUR_MS);
    expect(await at.place('twice')).toEqual(first);
  });
});
