import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Job } from '../../src/core/conversation/types.ts';
import type { LegId } from '../../src/core/ids.ts';
import { openDatabase } from '../../src/storage/database.ts';
import type { Storage } from '../../src/storage/index.ts';
import { until } from '../support/until.ts';
import { createPlaces, type Place, type Places, SIZES, silent } from './support/places.ts';
import { conversationId, memberId, watchedHandlers } from './support/samples.ts';

const DUMP = readFileSync(new URL('./fixtures/before-renames.sql', import.meta.url), 'utf8');

const CONVERSATIONS = {
  'rec-published': { kind: 'recording', state: { name: 'published', inFile: true }, revision: 3 },
  'rec-heard': { kind: 'recording', state: { name: 'transcribed' } },
  'rec-unposted': {
    kind: 'recording',
    state: { name: 'undelivered', because: 'channel-archived', sent: true },
    source: { type: 'link', url: 'https://example.org/talk.mp3', name: 'talk.mp3' },
  },
  'rec-waiting': { kind: 'recording', state: { name: 'waiting', because: 'engine-busy' } },
  'rec-failed': { kind: 'recording', state: { name: 'failed', code: 'channel-archived', mayRetry: true } },
  'meet-ended': { kind: 'meeting', state: { name: 'ended' }, host: 'U0ANA' },
  'meet-open': { kind: 'meeting', state: { name: 'open' }, thread: { rootId: '1795000102.000200' } },
  'meet-opening': { kind: 'meeting', state: { name: 'opening' }, thread: null },
  'meet-silent': { kind: 'meeting', state: { name: 'failed', code: 'no-speech' } },
  'call-heard': { kind: 'call', state: { name: 'transcribed' } },
  'call-unposted': { kind: 'call', state: { name: 'undelivered', because: 'not-in-channel', sent: false } },
  'call-open': { kind: 'call', state: { name: 'open' } },
};

const LEGS = {
  'leg-queued': { role: 'callee', state: { name: 'queued' }, requestedBy: 'U0ANA' },
  'leg-caller': { role: 'caller', state: { name: 'ringing' }, memberId: 'U0ANA', callId: 'CA01' },
  'leg-added': { role: 'added', state: { name: 'dialling' }, hangUpRequested: true },
  'leg-inbound': {
    role: 'inbound',
    state: { name: 'answered', by: 'unknown' },
    declined: true,
    requestedBy: null,
  },
  'leg-heard': {
    role: 'callee',
    state: { name: 'ended', how: 'hung-up', reason: null, by: 'person' },
    recording: { id: 'RE04', state: 'ready', beganAtMs: 1_200 },
  },
  'leg-full': { role: 'added', state: { name: 'ended', how: 'room-full' } },
  'leg-busy': { role: 'callee', state: { name: 'ended', how: 'busy' }, recording: null },
};

const JOBS: readonly Job[] = [
  { name: 'announce', conversationIds: [conversationId('rec-waiting')] },
  { name: 'transcribe', conversationId: conversationId('rec-waiting') },
  { name: 'publish', conversationId: conversationId('rec-heard'), revision: 2 },
  { name: 'send-privately', conversationId: conversationId('call-unposted'), revision: 2 },
  {
    name: 'share-export',
    conversationId: conversationId('rec-published'),
    format: 'srt',
    revision: 3,
    by: memberId('U0BEN'),
  },
  { name: 'open-meeting', conversationId: conversationId('meet-opening') },
  { name: 'watch-meeting', conversationId: conversationId('meet-open') },
  { name: 'conclude-meeting', conversationId: conversationId('meet-ended') },
  { name: 'dial-leg', legId: 'leg-queued' as LegId },
  { name: 'reconcile-leg', legId: 'leg-caller' as LegId },
  { name: 'transcribe-call', conversationId: conversationId('call-heard') },
];

/** The dump was written by the release before names of states, roles and jobs changed. */
describe.each(SIZES)('a database of the release before the renames (%s)', (size) => {
  let places: Places;
  let place: Place;
  let storage: Storage;
  const query = async (statement: string): Promise<unknown[]> => {
    const database = await openDatabase({ ...place, log: silent });
    try {
      return (await sql.raw(statement).execute(database.db)).rows;
    } finally {
      await database.close();
    }
  };
  beforeAll(async () => {
    places = await createPlaces(size, { tables: false });
    place = await places.create();
    await query(DUMP);
    storage = await place.open();
  });
  afterAll(() => places.close());

  const transact: Storage['store']['transact'] = (work) => storage.store.transact(work);

  test.each(Object.entries(CONVERSATIONS))('conversation %s is read', async (id, expected) => {
    expect(await transact((tx) => tx.conversation(conversationId(id)))).toMatchObject(expected);
  });

  test.each(Object.entries(LEGS))('%s is read', async (id, expected) => {
    expect(await transact((tx) => tx.leg(id as LegId))).toMatchObject(expected);
  });

  test('transcriptions and speaker names are read', async () => {
    for (const id of ['rec-published', 'rec-heard', 'rec-unposted', 'call-heard', 'call-unposted']) {
      const transcription = await transact((tx) => tx.transcription(conversationId(id)));
      expect(transcription?.words.map(({ text }) => text).join(' ')).toBe(
        'Good morning, everybody. Is it recording?',
      );
    }
    expect(await transact((tx) => tx.speakerNames(conversationId('rec-published')))).toEqual({
      '0:0': { name: 'Ana Brandão', memberId: 'U0ANA' },
      '0:1': { name: 'Ben “B” O’Neil' },
    });
  });

  test('deliveries are read', async () => {
    expect([...(await transact((tx) => tx.deliveriesOf(conversationId('rec-published'))))]).toEqual([
      ['chart:rec-published:r2', { state: 'withdrawn' }],
      ['chart:rec-published:r3', { state: 'file', fileId: 'F0CHART' }],
      ['export:rec-published:txt:r2', { state: 'withdrawn' }],
      ['export:rec-published:txt:r3', { state: 'file', fileId: 'F0TXT' }],
      ['export:rec-published:vtt:r3', { state: 'reserved', fileId: 'F0VTT' }],
      [
        'status:rec-published',
        {
          state: 'message',
          posted: { channelId: 'C0GENERAL', messageId: '1795000001.000100' },
          revision: 3,
        },
      ],
    ]);
    expect((await transact((tx) => tx.deliveriesOf(conversationId('rec-unposted')))).size).toBe(2);
  });

  test('what a meeting keeps is read', async () => {
    const id = conversationId('meet-ended');
    expect(await transact((tx) => tx.meeting(id))).toEqual({
      parties: [
        { personId: 'U0ANA', name: 'Ana Brandão' },
        { personId: 'U0BEN', name: 'Ben' },
      ],
      removed: ['U0EVE'],
      captionsOn: false,
    });
    expect((await transact((tx) => tx.lines(id))).map(({ text }) => text)).toEqual([
      'Shall we begin?',
      'Yes, let’s.',
    ]);
    expect(await transact((tx) => tx.pinOf(conversationId('meet-open')))).toBe('358021996');
    expect(await transact((tx) => tx.linkBrowser('link-1'))).toBe('browser-hash');
    expect(await transact((tx) => tx.lease(conversationId('meet-open')))).toMatchObject({
      holder: 'an-instance',
      url: 'https://one.example',
    });
  });

  test('what a workspace decided about calls is read', async () => {
    const { workspaceId } = { workspaceId: 'T0TEAM' as never };
    expect(await transact((tx) => tx.callSettings(workspaceId))).toMatchObject({ recordings: 'keep' });
    expect(await transact((tx) => tx.ownNumber(workspaceId, memberId('U0ANA')))).toBe('+442079460001');
    const counts = { workspaceId, channelId: 'C0GENERAL' as never, memberId: memberId('U0ANA'), sinceMs: 0 };
    // Of seven legs one called in.
    expect(await transact((tx) => tx.callCounts(counts))).toMatchObject({ byWorkspace: 6, concurrent: 3 });
    expect(await transact((tx) => tx.conversationsWithActiveLegs())).toEqual(['call-open']);
  });

  test('queued jobs run under their new names', async () => {
    const { handlers, ran } = watchedHandlers();
    await storage.queue.work(handlers, { concurrency: 1 });
    await until(() => ran.length >= JOBS.length, { what: 'all jobs' });
    const byName = (a: Job, b: Job) => a.name.localeCompare(b.name);
    expect(ran.map(({ job }) => job).toSorted(byName)).toEqual(JOBS.toSorted(byName));
  });

  test('what is written now, an instance of that release reads and works on', async () => {
    await transact(async (tx) => {
      const conversation = (await tx.conversation(conversationId('rec-heard'), { lock: true }))!;
      await tx.saveConversation({ ...conversation, revision: 9 });
      const leg = (await tx.leg('leg-queued' as LegId, { lock: true }))!;
      await tx.saveLeg({ ...leg, name: 'Saved' });
      await tx.saveLeg({ ...(await tx.leg('leg-full' as LegId))!, name: 'Saved' });
      await tx.enqueue({ name: 'reconcile-leg', legId: 'leg-later' as LegId }, { startAfterMs: 3_600_000 });
    });
    await storage.queue.stop(0);
    await storage.close();
    expect(await query(`select state->>'name' as name from conversation where id = 'rec-heard'`)).toEqual([
      { name: 'heard' },
    ]);
    expect(
      await query(
        `select role, state->>'name' as name, state->>'how' as how from leg where name = 'Saved' order by id`,
      ),
    ).toEqual([
      { role: 'added', name: 'ended', how: 'no-place' },
      { role: 'far', name: 'asked', how: null },
    ]);
    expect(
      await query(
        `select name, data #>> '{job,name}' as job from pgboss.job where data #>> '{job,legId}' = 'leg-later'`,
      ),
    ).toEqual([{ name: 'tend-leg', job: 'tend-leg' }]);
  });
});
