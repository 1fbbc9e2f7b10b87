import { randomUUID } from 'node:crypto';
import type { LegEvent, LegRole } from '../../../src/core/calls/types.ts';
import type { MeetingConversation } from '../../../src/core/conversation/types.ts';
import type { LegId, ProviderCallId, RecordingId } from '../../../src/core/ids.ts';
import type { AnswerProgress, Phone } from '../../../src/core/ports.ts';
import type { FlowOptions } from '../../../src/flows/index.ts';
import { legFor } from '../../../src/flows/meetings/phones/dial-out.ts';
import { applyLegEvent } from '../../../src/flows/meetings/phones/legs.ts';
import { meeting, messageId } from '../../storage/support/samples.ts';
import {
  ANA,
  channelId,
  createStage,
  type Instance,
  LONDON,
  type StageOptions,
  workspaceId,
} from './stage.ts';

export const CALL = 'CA1' as ProviderCallId;
export const RECORDING = 'RE1' as RecordingId;
/** A phone that was just answered. */
export const NO_PROGRESS: AnswerProgress = { noticePlayed: false, attempts: 0, connects: 0 };
export const HEARD_NOTICE: AnswerProgress = { noticePlayed: true, attempts: 0, connects: 0 };
export const CONTEXT = { attempt: 1, signal: new AbortController().signal };
export const hungUp = { type: 'ended', how: 'hung-up', reason: null } as const;

const unexpected = (method: string) => (): never => {
  throw new Error(`${method} was not expected`);
};
/** A network of which nothing is expected but what a test says. */
const silentPhone: Phone = {
  unavailableReason: () => null,
  dial: unexpected('dial'),
  find: unexpected('find'),
  fetchCall: unexpected('fetchCall'),
  hangUp: unexpected('hangUp'),
  redirectCall: unexpected('redirectCall'),
  sendKeys: unexpected('sendKeys'),
  recordingsOf: unexpected('recordingsOf'),
  startRecording: unexpected('startRecording'),
  stopRecording: unexpected('stopRecording'),
  fetchRecordingState: unexpected('fetchRecordingState'),
  openRecording: unexpected('openRecording'),
  deleteRecording: unexpected('deleteRecording'),
};

/** Legs in every state, and instances whose network does what a test says. Nothing works on the jobs. */
export const createLegStage = (options: StageOptions = {}) => {
  const stage = createStage(options);
  const { transact, clock } = stage;

  const instance = (phone: Partial<Phone> = {}, over: Partial<FlowOptions> = {}): Instance =>
    stage.instance('one', {
      calls: {
        phone: { ...silentPhone, ...phone },
        plan: { callerId: '+442079460100' as never, countries: ['GB'], defaultCountry: 'GB' },
        limits: {
          perMember: 1e6,
          perChannel: 1e6,
          perWorkspace: 1e6,
          concurrent: 1e6,
          maxDurationMs: 60_000,
        },
        newLegId: () => randomUUID() as LegId,
        random: Math.random,
      },
      ...over,
    });

  /** A call, or a meeting, whose card is in the channel. */
  const addMeeting = async (
    kind: 'call' | 'meeting' = 'call',
    with_: Partial<MeetingConversation> = {},
  ): Promise<MeetingConversation> => {
    const id = randomUUID();
    const rootId = messageId(stage.chat.say(channelId));
    const thread = { workspaceId, channelId, rootId };
    const conversation = meeting(id, { kind, thread, startedBy: ANA, host: ANA, ...with_ });
    await transact((tx) => tx.addConversation(conversation, id));
    return conversation;
  };

  const addLeg = async (
    conversation: MeetingConversation,
    role: LegRole,
    ...events: readonly LegEvent[]
  ): Promise<LegId> => {
    const requested = { role, number: LONDON, extension: null, name: 'Ben', memberId: null } as const;
    const nowMs = clock.nowMs();
    const newLegId = () => randomUUID() as LegId;
    const leg = legFor({ newLegId }, conversation, requested, { by: ANA, nowMs });
    await transact((tx) => tx.addLeg(leg));
    for (const event of events) await transact((tx) => applyLegEvent(tx, leg.id, event, nowMs));
    return leg.id;
  };

  /** A conversation with a phone that was answered, on an instance that may host it. */
  const addAnswered = async (
    kind: 'call' | 'meeting',
    phone: Partial<Phone> = {},
    over: Partial<FlowOptions> = {},
  ) => {
    const one = instance(phone, over);
    const conversation = await addMeeting(kind);
    const role = kind === 'call' ? 'callee' : 'added';
    const legId = await addLeg(conversation, role, { type: 'dialled', callId: CALL }, { type: 'answered' });
    const connect = () => one.phoneEvents.connect(legId, CALL, { play: () => {}, removed: () => {} });
    return {
      one,
      conversation,
      legId,
      /** Its audio flows. */
      connect: async () => {
        const input = await connect();
        if (input === null) throw new Error('it was not admitted');
        return input;
      },
      isRefused: async () => (await connect()) === null,
      answered: (progress: AnswerProgress = NO_PROGRESS) => one.phoneEvents.answered(legId, CALL, progress),
      room: () => one.rooms.room(conversation.id),
    };
  };

  return {
    ...stage,
    instance,
    addMeeting,
    addLeg,
    addAnswered,
    leg: (id: LegId) => transact(async (tx) => (await tx.leg(id))!),
    stateOf: async ({ id }: MeetingConversation) => (await stage.conversation(id))?.state.name,
    apply: (id: LegId, event: LegEvent) => transact((tx) => applyLegEvent(tx, id, event, clock.nowMs())),
    /** The jobs that were enqueued, by name. */
    jobs: () => stage.database.jobs.waiting,
  };
};
