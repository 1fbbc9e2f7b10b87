import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { LegId } from '../../../src/core/ids.ts';
import type { Phone } from '../../../src/core/ports.ts';
import { ALLOWING_ALL, ANA, channelId, createStage, LONDON, workspaceId } from '../support/stage.ts';

/** The process dies before or after each thing that it does outside of itself, and starts again at once. */

type Stage = ReturnType<typeof createStage>;
/** The phone has long been connected then, and its recording stored. */
const RECORDED_BY_MS = 20_000;
const NEVER = new Promise<never>(() => {});

/** An instance that dies at step `at`, counted from its first transaction or request to the network. */
const startMortal = async (stage: Stage, at: number) => {
  let steps = 0;
  let isDead = false;
  const diesUntilMs = stage.clock.monotonicMs() + RECORDED_BY_MS;
  /** What was begun at the network. */
  const begun: string[] = [];
  const step = (): void => {
    if (isDead || stage.clock.monotonicMs() > diesUntilMs) return;
    steps += 1;
    if (steps !== at) return;
    isDead = true;
    one.kill();
  };
  const mortal = new Proxy(stage.phone, {
    get(phone, method: keyof Phone) {
      const request = phone[method] as (...given: unknown[]) => unknown;
      if (method === 'unavailableReason') return request;
      return async (...given: unknown[]) => {
        step();
        if (isDead) return NEVER;
        const answer = await request(...given);
        if (method === 'dial' || method === 'startRecording') begun.push(method);
        step();
        return isDead ? NEVER : answer;
      };
    },
  });
  stage.setStoreFault((tx) => {
    if (isDead) return tx;
    step();
    if (isDead) throw new Error('the process died');
    return tx;
  });
  const calls = {
    phone: mortal,
    plan: { callerId: '+442079460100' as never, countries: ['GB'], defaultCountry: 'GB' },
    limits: ALLOWING_ALL,
    newLegId: () => randomUUID() as LegId,
    random: Math.random,
  };
  const one = stage.instance('one', { calls });
  await one.work();
  return { one, begun, isDead: () => isDead };
};

/** A call that is answered after five seconds, and hung up by the callee after a minute. False when nothing died. */
const callWithDeathAt = async (at: number): Promise<boolean> => {
  const stage = createStage({ timing: { graceMs: 3_600_000 } });
  const { one, begun, isDead } = await startMortal(stage, at);
  const request = { workspaceId, channelId, by: ANA, number: LONDON, memberId: null, title: '' };
  let two: Awaited<ReturnType<typeof stage.instance>> | null = null;
  const restart = async (): Promise<void> => {
    if (!isDead() || two !== null) return;
    for (const call of stage.phone.calls) call.breakAudio();
    const calls = {
      ...one.options.calls!,
      phone: new Proxy(stage.phone, {
        get: (phone, method: keyof Phone) =>
          method === 'dial' || method === 'startRecording'
            ? (...given: never[]) => {
                begun.push(method);
                return (phone[method] as (...given: never[]) => unknown)(...given);
              }
            : phone[method],
      }),
    };
    two = stage.instance('one', { calls });
    await two.work();
  };
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 250) {
      await stage.clock.advance(250);
      await restart();
    }
  };
  const placed = one.requests.placeCall({ ...request, from: 'browser', origin: 'a click' });
  await Promise.race([placed.catch(() => null), pass(1_000)]);
  await restart();
  // The click that was not answered is repeated.
  await (two as typeof one | null)?.requests.placeCall({ ...request, from: 'browser', origin: 'a click' });
  await pass(8_000);
  stage.phone.callWith(LONDON).answer();
  await pass(60_000);
  const callee = stage.phone.callWith(LONDON);
  // A phone that asks while no one answers is hung up by the network: see docs/calls.md.
  const wasLost = callee.state === 'ended';
  expect({ at, begun: begun.toSorted(), connected: callee.connected }).toEqual({
    at,
    begun: wasLost ? ['dial'] : ['dial', 'startRecording'],
    connected: !wasLost,
  });
  callee.hangUp();
  await pass(180_000);
  const [recording] = stage.phone.recordings();
  expect({ at, recording, calls: stage.phone.calls.length }).toEqual({ at, recording: undefined, calls: 1 });
  return isDead();
};

describe('a process that dies in the middle of dialling or recording', () => {
  it('rings once, records once, and leaves no recording, whatever it was about to do', async () => {
    for (let at = 1; ; at += 1) if (!(await callWithDeathAt(at))) return;
  });
});
