import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../src/core/calls/settings.ts';
import type { ConversationId, LegId, MemberId, PhoneNumber } from '../../../src/core/ids.ts';
import type { Phone } from '../../../src/core/ports.ts';
import { createCallRequests } from '../../../src/flows/calls/requests.ts';
import { createCallSettingsRequests } from '../../../src/flows/calls/settings-requests.ts';
import type { CallOptions } from '../../../src/flows/meetings/phones/dial-out.ts';
import { createMemoryChat } from '../../fakes/memory-chat.ts';
import { channelId, memberId, workspaceId } from '../../storage/support/samples.ts';
import { storageOfFile } from '../support/storage.ts';

/** Asking for a call, and asking again hours later, with the real database and no telephone that rings. */
const ANN = memberId('U1');
const BEN = memberId('U2');
const HOUR_MS = 3_600_000;

const storage = storageOfFile();

const telephones: CallOptions = {
  phone: { unavailableReason: () => null } as Phone,
  plan: { callerId: '+442079460100' as PhoneNumber, countries: ['GB'], defaultCountry: 'GB' },
  limits: { perMember: 3, perChannel: 100, perWorkspace: 100, concurrent: 100, maxDurationMs: HOUR_MS },
  newLegId: () => randomUUID() as LegId,
  random: Math.random,
};

const asking = (calls: CallOptions | null = telephones, missing: string | null = null) => {
  let nowMs = Date.now();
  const chat = createMemoryChat();
  chat.addMember(ANN, { name: 'Ann' });
  const ports = {
    store: storage().store,
    clock: { nowMs: () => nowMs },
    chat,
    newId: () => randomUUID() as ConversationId,
    calls,
    instance: { id: 'one', url: () => 'https://parley.example' },
    rooms: { unavailableReason: () => missing, open: () => Promise.reject(new Error('no room here')) },
    meetings: { end: () => {} },
  };
  const requests = { ...createCallRequests(ports), ...createCallSettingsRequests(ports) };
  const plan = () =>
    requests.planCall({ workspaceId, channelId, by: ANN, to: null, text: '+44 20 7946 0000' });
  const place = (origin: string) =>
    requests.placeCall({
      workspaceId,
      channelId,
      by: ANN,
      number: '+442079460000' as never,
      memberId: null,
      title: '',
      from: 'browser',
      origin,
    });
  return {
    ...requests,
    plan,
    place,
    later: (ms: number) => {
      nowMs += ms;
    },
  };
};
const only = (callers: readonly MemberId[] | null) =>
  storage().store.transact((tx) => tx.saveCallSettings(workspaceId, { ...DEFAULT_SETTINGS, callers }));

describe('who can call', () => {
  it('is everybody, or whom the workspace chose, also while media are starting; no one where no phone provider is configured', async () => {
    await only(null);
    expect(await asking().callUnavailableReason(workspaceId, ANN)).toBeNull();
    await only([BEN]);
    expect(await asking().callUnavailableReason(workspaceId, ANN)).toMatch(/only some people may call/);
    expect(await asking().callUnavailableReason(workspaceId, BEN)).toBeNull();
    expect(await asking(null).callUnavailableReason(workspaceId, BEN)).toMatch(/Calling isn’t set up/);
    const starting = asking(telephones, 'Media are starting.');
    expect(await starting.callUnavailableReason(workspaceId, BEN)).toBeNull();
    expect(await starting.plan()).toEqual({ refused: 'Media are starting.' });
  });

  it('is not whom one calls: two voices of one member could not be told apart', async () => {
    await only(null);
    const requests = asking();
    await requests.saveOwnNumber(workspaceId, ANN, '+44 20 7946 0101');
    const request = { workspaceId, channelId, by: ANN, text: '' };
    expect(await requests.planCall({ ...request, to: ANN })).toEqual({
      refused: expect.stringMatching(/^You can’t call yourself\. Pick a teammate or enter a number/),
    });
    expect(await requests.planCall({ ...request, to: null, text: '+44 20 7946 0101' })).not.toHaveProperty(
      'refused',
    );
    await requests.saveOwnNumber(workspaceId, BEN, '+44 20 7946 0102');
    expect(await requests.planCall({ ...request, to: BEN })).not.toHaveProperty('refused');
  });
});

describe('a confirmation that is pressed hours later', () => {
  it('is judged anew: who may call no longer, does not', async () => {
    await only(null);
    const at = asking();
    expect(await at.plan()).not.toHaveProperty('refused');
    at.later(5 * HOUR_MS);
    await only([BEN]);
    expect(await at.place('late')).toEqual({ refused: expect.stringMatching(/only some people may call/) });
    await only(null);
    expect(await at.place('late')).toHaveProperty('conversationId');
  });

  it('counts what was called meanwhile', async () => {
    await only(null);
    // Whatever was called above is more than a day ago.
    const at = asking();
    at.later(48 * HOUR_MS);
    expect(await at.plan()).not.toHaveProperty('refused');
    for (const origin of ['a', 'b', 'c']) expect(await at.place(origin)).toHaveProperty('conversationId');
    at.later(5 * HOUR_MS);
    expect(await at.place('d')).toEqual({ refused: expect.stringMatching(/3 telephones rung in 24 hours/) });
  });

  it('is the same call, when it was placed already', async () => {
    await only(null);
    const at = asking();
    at.later(96 * HOUR_MS);
    const first = await at.place('twice');
    at.later(5 * HOUR_MS);
    expect(await at.place('twice')).toEqual(first);
  });
});
