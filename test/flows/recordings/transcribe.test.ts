import { describe, expect, it } from 'vitest';
import { newLeg } from '../../../src/core/calls/leg.ts';
import { phonePersonId } from '../../../src/core/calls/person.ts';
import type { Job } from '../../../src/core/conversation/types.ts';
import { AppError } from '../../../src/core/error.ts';
import type { ConversationId, LegId, PhoneNumber, RecordingId } from '../../../src/core/ids.ts';
import type { Chat, JobHandler, Phone, Speech } from '../../../src/core/ports.ts';
import type { SpeakerNames, Transcription } from '../../../src/core/transcription.ts';
import { transcribeCallHandler } from '../../../src/flows/calls/transcribe-call.ts';
import { transcribeHandler } from '../../../src/flows/recordings/transcribe.ts';
import { createEditBudget } from '../../../src/flows/util/edit-budget.ts';
import { speech, transcriptionOf } from '../../core/make.ts';
import { createVirtualClock } from '../../fakes/clock.ts';
import { createMemoryChat } from '../../fakes/memory-chat.ts';
import { createMemoryStorage } from '../../fakes/memory-storage.ts';
import { silentLog } from '../../media/support.ts';
import { conversationId, meeting, memberId, messageId, recording } from '../../storage/support/samples.ts';

const clock = createVirtualClock();
const { store } = createMemoryStorage(clock);

const chat: Partial<Chat> = {
  post: async ({ channelId }) => ({ channelId, messageId: messageId('1'), whole: true }),
  find: async () => null,
  edit: async (_workspaceId, posted) => ({ ...posted, whole: true }),
};
const archived = async () => {
  throw new AppError({ code: 'channel-archived', retryable: false, userMessage: 'It is archived.' });
};
const noBytes = async function* (): AsyncGenerator<Uint8Array> {};
const bytes = async () => ({ name: 'a.mp3', sizeBytes: null, bytes: noBytes() });

type Ports = Parameters<typeof transcribeHandler>[0] & Parameters<typeof transcribeCallHandler>[0];

/** One process at work on it, whose engine answers when the test says so. */
const processAt = <J extends Job>(
  handlerOf: (ports: Ports) => JobHandler<J>,
  job: J,
  thread: Partial<Chat> = chat,
) => {
  const answer = Promise.withResolvers<Transcription>();
  const begun = Promise.withResolvers<void>();
  const engine: Partial<Speech> = {
    transcribe: () => {
      begun.resolve();
      return answer.promise;
    },
  };
  const ports: Ports = {
    store,
    clock,
    log: silentLog,
    chat: { ...createMemoryChat(), ...thread },
    edits: createEditBudget(clock),
    speech: { openLive: () => Promise.reject(new Error('nothing is live')) as never, ...engine } as Speech,
    links: { open: bytes },
    calls: { phone: { openRecording: bytes } as unknown as Phone },
  };
  const signal = new AbortController().signal;
  const done = handlerOf(ports).run(job, { attempt: 1, signal });
  return {
    // Whatever ends it before it asks its engine fails the test.
    begun: Promise.race([begun.promise, done.then(() => Promise.reject(new Error('nothing was asked')))]),
    hears: (words: string) => {
      answer.resolve(transcriptionOf(1_000, ...speech('0:0', 0, 300, words)));
      return done;
    },
  };
};

const FIRST_NAMES = { '0:0': { name: 'Ann' } } as SpeakerNames;

/** Two processes have the same job, people name the voices that the quick one brought, and the slow one is done last. */
const takenOver = async <J extends Job>(
  id: ConversationId,
  handlerOf: (ports: Ports) => JobHandler<J>,
  job: J,
) => {
  const slow = processAt(handlerOf, job);
  await slow.begun;
  const quick = processAt(handlerOf, job);
  await quick.begun;
  await quick.hears('what was heard first');
  await store.transact((tx) => tx.saveSpeakerNames(id, FIRST_NAMES));
  await slow.hears('what was heard last');
  return store.transact(async (tx) => ({
    words: (await tx.transcription(id))?.words.map(({ text }) => text).join(' '),
    names: await tx.speakerNames(id),
    state: (await tx.conversation(id))?.state.name,
  }));
};

/** A recording that was announced. */
const announced = async (name: string): Promise<ConversationId> => {
  const id = conversationId(name);
  await store.transact((tx) => tx.addConversation(recording(id), id));
  return id;
};
/** A call that ended, and whose recording is at the network. */
const endedCall = async (name: string): Promise<ConversationId> => {
  const id = conversationId(name);
  const ended = { startedAtMs: 1, endedAtMs: 10_001, state: { name: 'ended' } } as const;
  const far = newLeg(
    {
      id: `leg of ${name}` as LegId,
      conversationId: id,
      role: 'callee',
      number: '+442079460000' as PhoneNumber,
      name: 'Ben',
      memberId: null,
      requestedBy: memberId('U1'),
    },
    1,
  );
  await store.transact(async (tx) => {
    await tx.addConversation(meeting(id, { kind: 'call', ...ended }), id);
    const recordingId = 'RE1' as RecordingId;
    await tx.addLeg({ ...far, recording: { id: recordingId, state: 'ready', beganAtMs: 0 } });
    await tx.saveMeetingParty(id, 0, { personId: phonePersonId(far.id), name: 'Ben' });
  });
  return id;
};

describe('a transcription that another process had finished meanwhile changes neither words nor names', () => {
  it('of a recording', async () => {
    const id = await announced('a recording');
    const now = await takenOver(id, transcribeHandler, { name: 'transcribe', conversationId: id });
    expect(now).toEqual({ words: 'what was heard first', names: FIRST_NAMES, state: 'transcribed' });
  });

  it('of a call', async () => {
    const id = await endedCall('a call');
    const now = await takenOver(id, transcribeCallHandler, { name: 'transcribe-call', conversationId: id });
    expect(now).toEqual({ words: 'what was heard first', names: FIRST_NAMES, state: 'transcribed' });
  });
});

describe('a transcription whose thread is out of reach is made all the same', () => {
  const unseen = { post: archived, find: archived, edit: archived };
  const stateOf = (id: ConversationId) =>
    store.transact(async (tx) => (await tx.conversation(id))?.state.name);

  it('of a recording', async () => {
    const id = await announced('an unseen recording');
    const work = processAt(transcribeHandler, { name: 'transcribe', conversationId: id }, unseen);
    await work.begun;
    await work.hears('what was heard');
    expect(await stateOf(id)).toBe('transcribed');
  });

  it('of a call', async () => {
    const id = await endedCall('an unseen call');
    const work = processAt(transcribeCallHandler, { name: 'transcribe-call', conversationId: id }, unseen);
    await work.begun;
    await work.hears('what was heard');
    expect(await stateOf(id)).toBe('transcribed');
  });
});
