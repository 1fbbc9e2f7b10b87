import { after } from '../after.ts';
import { FRAME_MS } from '../audio/mulaw.ts';
import { behave, behaveAsCaller } from '../handset/behaviour.ts';
import type { Handset } from '../handset/handset.ts';
import { newSid } from '../ids.ts';
import type { Network } from '../network.ts';
import { runTwiml } from '../twiml/run.ts';
import { type CallAudio, openCallAudio } from './call-audio.ts';
import { detect } from './machine-detection.ts';
import type { CallOrder, CallRecord, CallStatus, TwimlSource } from './record.ts';
import { createStatusCallbacks } from './status-callbacks.ts';

/** A call between one telephone and the network, from its order until it has ended. */
export interface Call {
  readonly record: CallRecord;
  readonly handset: Handset;
  /** Aborted when the call has ended. */
  readonly signal: AbortSignal;
  /** Its sound; null before it was answered. */
  readonly audio: CallAudio | null;
  /** What a machine's voice said to the telephone. */
  readonly spoken: readonly string[];
  readonly wantsKeys: boolean;
  readonly connected: boolean;
  readonly sinceMs: number;
  /** Resolves once it was answered, or has ended. */
  readonly answered: Promise<void>;
  readonly untilBeep: Promise<void>;

  /** Whoever is rung picks up. */
  answer(): void;
  /** By whoever holds the telephone; one that rings is refused. */
  hangUp(): void;
  press(keys: string): void;
  pressWhenAsked(keys: string): void;
  /** The telephone's greeting is over. */
  readonly beeped: () => void;

  /** By the network's customer. False when the call is not in a state for it. */
  stop(status: 'completed' | 'canceled'): boolean;
  redirect(source: TwimlSource): boolean;
  setStatusCallback(callback: CallOrder['statusCallback']): void;

  /** For what carries out TwiML. */
  reject(status: 'busy' | 'no-answer'): void;
  showSpoken(text: string): void;
  /** Gives keys to `taker` until somebody else takes them. `asked`: whether the telephone knows that it is asked. */
  takeKeys(taker: ((key: string) => void) | null, asked?: boolean): void;
  setConnected(connected: boolean): void;
}

type Direction = CallRecord['direction'];

const KEYS_AFTER_MS = 400;
/** A call that the network's customer orders: the telephone at `order.to` rings. */
export const placeCall = (network: Network, order: CallOrder): Call => {
  const call = openCall(network, order, 'outbound-api', network.handsets.at(order.to));
  void call.ring();
  return call;
};

/** A telephone rings the network's customer. */
export const receiveCall = (network: Network, handset: Handset, order: CallOrder, keys?: string): Call => {
  const call = openCall(network, order, 'inbound', handset);
  if (keys !== undefined) call.pressWhenAsked(keys);
  void call.run();
  void behaveAsCaller(network, handset, call);
  return call;
};

type OpenCall = Call & { ring(): Promise<void>; run(): Promise<void> };

const openCall = (network: Network, order: CallOrder, direction: Direction, handset: Handset): OpenCall => {
  const nowMs = Date.now();
  const record: CallRecord = {
    sid: newSid('CA'),
    to: order.to,
    from: order.from,
    direction,
    createdAtMs: nowMs,
    status: direction === 'inbound' ? 'ringing' : 'queued',
    updatedAtMs: nowMs,
    startedAtMs: direction === 'inbound' ? nowMs : null,
    answeredAtMs: null,
    endedAtMs: null,
    answeredBy: null,
  };
  const ending = new AbortController();
  const answered = Promise.withResolvers<void>();
  const beep = Promise.withResolvers<void>();
  const spoken: string[] = [];
  const progress = createStatusCallbacks(network, record, order.statusCallback);
  let line: CallAudio | null = null;
  let keyTaker: ((key: string) => void) | null = null;
  let wantsKeys = false;
  let keysToCome = '';
  let connected = false;
  let document = new AbortController();
  let carriedOut: Promise<unknown> = Promise.resolve();

  const enter = (status: CallStatus): void => {
    record.status = status;
    record.updatedAtMs = Date.now();
    network.changed();
  };

  const end = (status: CallStatus): void => {
    if (ending.signal.aborted) return;
    record.endedAtMs = Date.now();
    enter(status);
    ending.abort();
    line?.close();
    beep.resolve();
    answered.resolve();
    if (handset.call === call) handset.call = null;
    progress.send('completed');
    network.changed();
  };

  /** Carries TwiML out until there is none left, and then hangs up. What was carried out before is left at once. */
  const carryOut = async (source: TwimlSource): Promise<void> => {
    document.abort();
    document = new AbortController();
    const signal = AbortSignal.any([document.signal, ending.signal]);
    // It lets go of the line and the keys before they are somebody else's.
    const before = carriedOut;
    const run = (): Promise<void> => runTwiml(network, call, source, signal);
    carriedOut = before.then(run, run);
    await carriedOut;
    if (!signal.aborted) end('completed');
  };

  const found = async (answeredBy: Promise<string | null>): Promise<void> => {
    const startedMs = Date.now();
    record.answeredBy = await answeredBy;
    const callback = order.detection?.callback ?? null;
    if (callback === null || record.answeredBy === null) return;
    network.webhooks.send(record.sid, {
      ...callback,
      parameters: {
        AccountSid: network.account.accountSid,
        AnsweredBy: record.answeredBy,
        CallSid: record.sid,
        MachineDetectionDuration: String(Date.now() - startedMs),
      },
    });
  };

  const run = async (): Promise<void> => {
    if (order.detection !== null) {
      const detected = found(detect(network, call, order.detection.mode));
      if (order.detection.callback === null) await detected;
    }
    if (!ending.signal.aborted) await carryOut(order.source);
  };

  const call: OpenCall = {
    record,
    handset,
    signal: ending.signal,
    get audio() {
      return line;
    },
    spoken,
    get wantsKeys() {
      return wantsKeys;
    },
    get connected() {
      return connected;
    },
    get sinceMs() {
      return record.answeredAtMs ?? record.createdAtMs;
    },
    answered: answered.promise,
    untilBeep: beep.promise,

    ring: async () => {
      // The order is answered before anything is told of the call.
      await after(0, ending.signal);
      if (ending.signal.aborted) return;
      record.startedAtMs = Date.now();
      progress.send('initiated');
      await after(network.pace.ringAfterMs, ending.signal);
      if (ending.signal.aborted) return;
      if (handset.behaviour.type === 'unreachable') return end('failed');
      if (handset.behaviour.type === 'busy' || handset.call !== null) return end('busy');
      handset.begin(call);
      enter('ringing');
      progress.send('ringing');
      void after(order.ringForMs, AbortSignal.any([ending.signal, stopsRinging.signal])).then(() => {
        if (record.status === 'ringing') end('no-answer');
      });
      await behave(network, handset, call).catch((error: unknown) => {
        network.log.error({ err: error }, 'phones: a telephone could not do what it was set to');
        end('failed');
      });
    },
    run,

    answer: () => {
      if (record.status !== 'ringing' || ending.signal.aborted) return;
      stopsRinging.abort();
      record.answeredAtMs = Date.now();
      line = openCallAudio(() => handset.say());
      line.onFrame(({ received: heard }) => handset.hear(heard));
      void line.wait(order.longestMs, ending.signal).then(() => end('completed'));
      enter('in-progress');
      answered.resolve();
      if (direction === 'inbound') return;
      progress.send('answered');
      if (order.record !== null) network.recordings.start(call, order.record);
      void run();
    },
    hangUp: () => {
      if (record.status === 'in-progress') end('completed');
      else end(direction === 'inbound' ? 'canceled' : 'busy');
    },
    press: (keys) => {
      for (const key of keys) keyTaker?.(key);
    },
    pressWhenAsked: (keys) => {
      keysToCome = keys;
    },
    beeped: () => beep.resolve(),

    stop: (status) => {
      if (ending.signal.aborted) return false;
      if (record.status !== 'in-progress') end('canceled');
      else if (status === 'completed') end('completed');
      else return false;
      return true;
    },
    redirect: (source) => {
      if (record.status !== 'in-progress') return false;
      void carryOut(source);
      return true;
    },
    setStatusCallback: progress.setTarget,

    reject: end,
    showSpoken: (text) => {
      spoken.push(text);
      network.changed();
    },
    takeKeys: (taker, asked = false) => {
      keyTaker = taker;
      wantsKeys = asked;
      network.changed();
      if (!asked || keysToCome === '') return;
      const keys = keysToCome;
      keysToCome = '';
      void line?.wait(KEYS_AFTER_MS - FRAME_MS, ending.signal).then(() => call.press(keys));
    },
    setConnected: (now) => {
      connected = now;
      network.changed();
    },
  };
  const stopsRinging = new AbortController();
  network.calls.set(record.sid, call);
  if (direction === 'inbound') handset.begin(call);
  network.changed();
  return call;
};
