import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SPOKEN } from '../../../src/core/calls/spoken.ts';
import { AppError } from '../../../src/core/error.ts';
import type { ConversationId, PhoneNumber } from '../../../src/core/ids.ts';
import type { CallCardMessage } from '../../../src/core/thread-message.ts';
import { CALLS } from '../../../src/flows/sentences.ts';
import { spokenAudio } from '../../fakes/memory-speech.ts';
import { ANA, BEN, channelId, LONDON, openStage, workspaceId } from '../support/stage.ts';

/** Every way that a call may go: what its card shows, what its phones hear, and what follows in the thread. */

const MULAW = { encoding: 'mulaw', sampleRateHz: 8_000 } as const;
const OWN = '+442079460101' as PhoneNumber;

type Stage = Awaited<ReturnType<typeof openStage>>;

/** Calls the number in London, which rings then. */
const placeCall = async (
  stage: Stage,
  from: 'browser' | 'own-phone' = 'browser',
  number: PhoneNumber = LONDON,
) => {
  const request = { workspaceId, channelId, by: ANA, number, memberId: null, title: '', from };
  const placed = await stage.one.requests.placeCall({ ...request, origin: randomUUID() });
  if ('refused' in placed) throw new Error(placed.refused);
  await stage.clock.advance(1_000);
  const id = placed.conversationId;
  return {
    id,
    card: (): CallCardMessage => {
      const message = stage.chat.messages({ workspaceId, channelId }).find(({ rootId }) => rootId === null);
      if (message?.message?.kind !== 'call-card') throw new Error('there is no card');
      return message.message;
    },
    thread: () => stage.threadOf(id),
    legs: () => stage.transact((tx) => tx.legsOf(id)),
    /** How its recording is at the network; null when there is none (any more). */
    recording: async () => {
      const [recorded] = (await stage.transact((tx) => tx.legsOf(id))).flatMap(
        ({ recording }) => recording ?? [],
      );
      return recorded === undefined ? null : stage.phone.fetchRecordingState(recorded.id);
    },
    state: async () => (await stage.conversation(id))!.state.name,
    /** The caller joins by browser, so that the callee is not alone. */
    join: () => joinCaller(stage, id),
  };
};
const joinCaller = (stage: Stage, id: ConversationId) =>
  stage.one.rooms.room(id).join({ personId: ANA, name: 'Ana Brandão', host: true });

/** The callee answers, and has heard the notice. */
const answer = async (stage: Stage) => {
  const callee = stage.phone.callWith(LONDON);
  callee.answer();
  await stage.clock.advance(5_000);
  expect(callee.connected).toBe(true);
  return callee;
};
const say = async (stage: Stage, call: { say(mulaw: Uint8Array): void }, words: string): Promise<void> => {
  call.say(spokenAudio(words, MULAW, 1_000));
  call.say(spokenAudio('', MULAW, 1_000));
  await stage.clock.advance(10_000);
};
it('a phone behind an extension is called by its number, and its keys are pressed when someone asks', async () => {
  const stage = await openStage();
  const number = `${LONDON};ext=123` as PhoneNumber;
  const call = await placeCall(stage, 'browser', number);
  expect(await call.legs()).toMatchObject([
    { number: LONDON, extension: '123', name: expect.stringMatching(/ ext\. 123$/) },
  ]);
  const press = () => stage.one.requests.pressExtension(call.id, workspaceId, ANA);
  expect(await press()).toEqual({ outcome: 'refused', sentence: CALLS.extensionTooEarly });
  call.join();
  const callee = await answer(stage);
  expect(call.card().phones).toMatchObject([{ extension: '123', state: { name: 'answered' } }]);
  expect(await press()).toEqual({ outcome: 'accepted' });
  await stage.clock.advance(10_000);
  expect(callee).toMatchObject({ keys: '123', connected: true });
  callee.hangUp();
  await stage.clock.advance(5_000);
  expect(await press()).toMatchObject({ outcome: 'already' });
});

describe('a phone that no one talks on', () => {
  it.each(['busy', 'no-answer', 'failed'] as const)(
    '%s: the card says so, and nothing else is posted',
    async (how) => {
      const stage = await openStage();
      const call = await placeCall(stage);
      expect(call.card().phones).toMatchObject([{ name: '+44 20 7946 0000', state: { name: 'ringing' } }]);
      stage.phone.callWith(LONDON).refuse(how);
      await stage.clock.advance(60_000);
      expect(call.card()).toMatchObject({ ended: true, phones: [{ state: { name: 'ended', how } }] });
      expect(await call.thread()).toEqual([]);
      expect(stage.phone.calls).toHaveLength(1);
    },
  );

  it('rings no longer than most mailboxes wait', async () => {
    const stage = await openStage();
    const call = await placeCall(stage);
    await stage.clock.advance(60_000);
    expect(call.card()).toMatchObject({ ended: true, phones: [{ state: { how: 'no-answer' } }] });
  });

  it('is a mailbox: the card says so, Slack hangs up, its recording is deleted, and nothing else is posted', async () => {
    const stage = await openStage();
    const call = await placeCall(stage);
    const callee = stage.phone.callWith(LONDON);
    callee.answer('machine');
    await stage.clock.advance(10_000);
    expect(call.card().phones[0]!.state).toMatchObject({ name: 'answered', by: 'machine' });
    await stage.one.requests.hangUp(call.id, workspaceId, BEN);
    await stage.clock.advance(120_000);
    expect(callee.state).toBe('ended');
    expect(call.card()).toMatchObject({ ended: true, remarks: [CALLS.recordingDeleted] });
    expect(await call.recording()).toBeNull();
    expect(await call.thread()).toEqual([]);
  });

  it('is hung up in Slack while it rings', async () => {
    const stage = await openStage();
    const call = await placeCall(stage);
    await stage.one.requests.hangUp(call.id, workspaceId, ANA);
    await stage.clock.advance(60_000);
    expect(stage.phone.callWith(LONDON).state).toBe('ended');
    expect(call.card()).toMatchObject({ ended: true, phones: [{ state: { how: 'cancelled' } }] });
    expect(await call.thread()).toEqual([]);
  });
});

describe('a phone that is answered into the notice', () => {
  /** In the middle of the notice, which takes two seconds. */
  const answerOnly = async (stage: Stage, by: 'person' | 'machine') => {
    const callee = stage.phone.callWith(LONDON);
    callee.answer(by);
    await stage.clock.advance(500);
    return callee;
  };

  it('by a mailbox: the notice is on it once, the card says so, and hanging up adds no other sentence', async () => {
    const stage = await openStage();
    const call = await placeCall(stage);
    const callee = await answerOnly(stage, 'machine');
    await stage.clock.advance(9_500);
    expect(call.card().phones[0]!.state).toMatchObject({ name: 'answered', by: 'machine' });
    await stage.one.requests.hangUp(call.id, workspaceId, ANA);
    await stage.clock.advance(120_000);
    expect(callee.state).toBe('ended');
    expect(callee.spoken).toHaveLength(1);
    expect(call.card()).toMatchObject({ ended: true, phones: [{ state: { by: 'machine' } }] });
    expect(await call.thread()).toEqual([]);
    expect(stage.phone.recordings()).toEqual([]);
  });

  it('by a mailbox to which someone speaks: what was said is the result', async () => {
    const stage = await openStage();
    const call = await placeCall(stage);
    call.join();
    const callee = await answerOnly(stage, 'machine');
    await stage.clock.advance(5_000);
    await say(stage, callee, 'M1 M2');
    await stage.one.requests.hangUp(call.id, workspaceId, ANA);
    await stage.clock.advance(120_000);
    expect(await call.state()).toBe('published');
    expect(stage.phone.recordings()).toEqual([]);
  });

  it('by someone who hangs up: the call is over at once, nothing was recorded, and the card says so', async () => {
    const stage = await openStage();
    const call = await placeCall(stage);
    const callee = await answerOnly(stage, 'person');
    callee.hangUp();
    await stage.clock.advance(120_000);
    expect(callee.spoken).toEqual([]);
    expect(call.card()).toMatchObject({
      ended: true,
      remarks: [],
      phones: [{ state: { name: 'ended', how: 'hung-up' } }],
    });
    expect(stage.speech.recordings).toEqual([]);
    expect(stage.phone.recordings()).toEqual([]);
    expect(stage.phone.calls).toHaveLength(1);
    expect(await call.thread()).toEqual([expect.stringContaining(CALLS.endedInNotice)]);
  });

  it('and that Slack hangs up meanwhile hears that it is over', async () => {
    const stage = await openStage();
    const call = await placeCall(stage);
    const callee = await answerOnly(stage, 'person');
    await stage.one.requests.hangUp(call.id, workspaceId, ANA);
    await stage.clock.advance(120_000);
    expect(callee.state).toBe('ended');
    expect(callee.spoken).toEqual([SPOKEN.over]);
    expect(call.card().ended).toBe(true);
  });
});

describe('a call whose audio ends at the network, though no one hung up', () => {
  it('is reconnected within seconds, and no one hears silence', async () => {
    const stage = await openStage();
    const call = await placeCall(stage);
    call.join();
    const callee = await answer(stage);
    callee.endAudio();
    await stage.clock.advance(8_000);
    expect(callee.connected).toBe(true);
    expect(callee.spoken.slice(1)).toEqual([SPOKEN.broken, SPOKEN.again]);
    await say(stage, callee, 'M1 M2');
    callee.hangUp();
    await stage.clock.advance(120_000);
    expect(await call.state()).toBe('published');
    expect(stage.phone.calls).toHaveLength(1);
  });
});

describe('a call that is held', () => {
  it('from the caller’s own phone: it rings first, and the callee’s once it is answered', async () => {
    const stage = await openStage();
    await stage.one.requests.saveOwnNumber(workspaceId, ANA, OWN);
    const call = await placeCall(stage, 'own-phone');
    const own = stage.phone.callWith(OWN);
    expect(stage.phone.calls).toHaveLength(1);
    expect(call.card().phones.map(({ state }) => state.name)).toEqual(['ringing', 'waiting']);
    own.answer();
    await stage.clock.advance(5_000);
    const callee = await answer(stage);
    expect(own.spoken.join(' ')).not.toContain('is calling you');
    expect(callee.spoken.join(' ')).toContain('Ana Brandão');
    await say(stage, callee, 'hello there');
    own.hangUp();
    await stage.clock.advance(60_000);
    expect(callee.spoken.at(-1)).toBe(SPOKEN.over);
    expect(callee.state).toBe('ended');
    await stage.clock.advance(120_000);
    expect(await call.state()).toBe('published');
  });

  it('ends when the callee hangs up: the result is made of the recording, which is deleted then', async () => {
    const stage = await openStage();
    const call = await placeCall(stage);
    call.join();
    const callee = await answer(stage);
    await say(stage, callee, 'M1 M2');
    expect(await call.recording()).toBe('running');
    callee.hangUp();
    await stage.clock.advance(120_000);
    expect(await call.state()).toBe('published');
    const thread = await call.thread();
    expect(thread.some((text) => text.includes('M1 M2'))).toBe(true);
    // The words of the engine for any recording.
    expect(thread.some((text) => text.includes('Hello,'))).toBe(true);
    expect(call.card()).toMatchObject({ ended: true, remarks: [CALLS.recordingDeleted] });
    expect(await call.recording()).toBeNull();
  });

  it('whose recording is lost has a result that is made of the captions', async () => {
    const stage = await openStage();
    const call = await placeCall(stage);
    call.join();
    const callee = await answer(stage);
    await say(stage, callee, 'M1 M2');
    const [leg] = await call.legs();
    stage.phone.loseRecording(leg!.recording!.id);
    callee.hangUp();
    await stage.clock.advance(120_000);
    expect(await call.state()).toBe('published');
    const thread = await call.thread();
    expect(thread.filter((text) => text.includes('M1 M2'))).toHaveLength(2);
    expect(thread.join(' ')).not.toContain('Hello,');
    expect(call.card().remarks).toEqual([]);
  });
});

describe('who declines', () => {
  it('while the notice is spoken is neither recorded nor transcribed, and the thread says so', async () => {
    const stage = await openStage();
    const call = await placeCall(stage);
    const callee = stage.phone.callWith(LONDON);
    callee.answer();
    await stage.clock.advance(500);
    callee.press('9');
    await stage.clock.advance(10_000);
    expect(callee.connected).toBe(true);
    await say(stage, callee, 'M1 M2');
    const declined = CALLS.declined('+44 20 7946 0000');
    expect(await call.thread()).toEqual([declined]);
    await stage.one.requests.hangUp(call.id, workspaceId, ANA);
    await stage.clock.advance(120_000);
    expect(call.card()).toMatchObject({ ended: true, remarks: [declined] });
    expect(await call.thread()).toEqual([declined]);
    expect(stage.speech.streams).toEqual([]);
    expect(stage.speech.recordings).toEqual([]);
    expect((await call.legs())[0]!.recording).toBeNull();
  });

  it('in the middle has the recording deleted at once, and the result is made of what was said before', async () => {
    const stage = await openStage();
    const call = await placeCall(stage);
    call.join();
    const callee = await answer(stage);
    await say(stage, callee, 'M1 M2');
    callee.press('9');
    await stage.clock.advance(5_000);
    expect((await call.legs())[0]!.recording).toMatchObject({ state: 'deleted' });
    expect(await call.recording()).toBeNull();
    const light = { name: 'off', declinedBy: '+44 20 7946 0000' };
    expect(stage.one.rooms.room(call.id).calls.at(-1)?.recording).toEqual(light);
    expect(call.card().capture).toBeNull();
    expect(stage.one.rooms.room(call.id).captionsStopped).toBe(CALLS.declined('+44 20 7946 0000'));
    await say(stage, callee, 'M3 M4');
    await stage.one.requests.hangUp(call.id, workspaceId, ANA);
    await stage.clock.advance(120_000);
    expect(await call.state()).toBe('published');
    const thread = (await call.thread()).join('\n');
    expect(thread).toContain('M1 M2');
    expect(thread).not.toContain('M3');
    expect(stage.speech.recordings).toEqual([]);
  });
});

describe('a phone network that keeps a recording which was promised deleted', () => {
  const away = new AppError({ code: 'call-failed', retryable: true, userMessage: 'Away.' });
  const refused = new AppError({ code: 'call-refused', retryable: false, userMessage: 'Not yet.' });

  it('because it fails for minutes: it is deleted then, and the card says so only then', async () => {
    const stage = await openStage();
    const call = await placeCall(stage);
    call.join();
    const callee = await answer(stage);
    await say(stage, callee, 'M1 M2');
    for (let times = 0; times < 20; times += 1) {
      stage.phone.failNext('deleteRecording', times % 2 === 0 ? away : refused);
    }
    callee.hangUp();
    await stage.clock.advance(20_000);
    expect(await call.state()).toBe('published');
    expect(call.card().remarks).toEqual([]);
    await stage.clock.advance(600_000);
    expect(stage.phone.recordings()).toEqual([]);
    expect(call.card().remarks).toEqual([CALLS.recordingDeleted]);
  });

  it('because it does not stop it when someone declines: the call goes on, and nothing of it stays', async () => {
    const stage = await openStage();
    const call = await placeCall(stage);
    call.join();
    const callee = await answer(stage);
    await say(stage, callee, 'M1 M2');
    for (const error of [away, away, away]) stage.phone.failNext('stopRecording', error);
    stage.phone.failNext('recordingsOf', away);
    callee.press('9');
    await stage.clock.advance(60_000);
    expect(callee.connected).toBe(true);
    expect(await call.thread()).toContain(CALLS.declined('+44 20 7946 0000'));
    expect(stage.phone.recordings()).toEqual([]);
  });
});

describe('a phone that is alone in a call', () => {
  it('is hung up, with a sentence, when the caller does not join within the grace period', async () => {
    const stage = await openStage();
    await placeCall(stage);
    const callee = await answer(stage);
    await stage.clock.advance(120_000);
    expect(callee.state).toBe('ended');
    expect(callee.spoken.at(-1)).toBe(SPOKEN.over);
  });
});
