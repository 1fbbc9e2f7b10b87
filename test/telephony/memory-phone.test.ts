import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/core/error.ts';
import type { PhoneEvents } from '../../src/core/ports.ts';
import { createVirtualClock } from '../fakes/clock.ts';
import type { MemoryCall } from '../fakes/memory-call.ts';
import { createMemoryPhone } from '../fakes/memory-phone.ts';
import { type Behaviour, describePhone, type PhoneSubject, TO, TONE } from './phone-contract.ts';
import { fakePhoneEvents, LEG } from './support.ts';

const openMemoryPhone = async (): Promise<PhoneSubject> => {
  const clock = createVirtualClock();
  const memory = createMemoryPhone({ clock });
  const events = fakePhoneEvents();
  memory.attach(events);
  let behaviour: Behaviour = { type: 'ring' };
  const current = (): MemoryCall => memory.callWith(TO);

  const talk = (call: MemoryCall): void => {
    let frames = 0;
    const stop = clock.every(20, () => {
      if (call.state === 'ended') return stop();
      if (call.connected) frames += 1;
      call.say(TONE);
      if (behaviour.type === 'answer' && behaviour.hangsUp && frames === 500) call.hangUp();
    });
  };
  const answer = (call: MemoryCall, keys = ''): void => {
    call.answer();
    // In the middle of the notice.
    clock.after(500, () => {
      for (const key of keys) call.press(key);
    });
  };
  const act = (call: MemoryCall): void => {
    switch (behaviour.type) {
      case 'answer':
        answer(call, behaviour.keys);
        if (behaviour.speaks) talk(call);
        return;
      case 'voicemail':
        call.answer('machine');
        return;
      case 'busy':
        call.refuse('busy');
        return;
      case 'unreachable':
        call.refuse('failed', 'It is out of reach.');
        return;
      case 'ring':
      case 'no-answer':
        return;
    }
  };

  return {
    phone: {
      ...memory,
      async dial(order) {
        const callId = await memory.dial(order);
        clock.after(10, () => act(current()));
        return callId;
      },
    },
    events,
    url: 'https://parley.example',
    behave: async (next) => {
      behaviour = next;
    },
    hangUp: async () => current().hangUp(),
    dialIn: async (digits) => void memory.dialIn(TO, digits.replace('#', '')),
    spoken: async () => current().spoken,
    heardTone: async () => current().played.some((frame) => Buffer.from(frame).equals(Buffer.from(TONE))),
    async until(check) {
      for (;;) {
        const answered = await check();
        if (answered) return answered as never;
        await clock.advance(10);
        if (clock.monotonicMs() > 3_600_000) throw new Error('never so');
      }
    },
    close: async () => {},
  };
};

describe('a memory phone', () => {
  describePhone(openMemoryPhone);

  it('hangs up with an apology when the flows fail, and reports it', async () => {
    const clock = createVirtualClock();
    const memory = createMemoryPhone({ clock });
    const events = fakePhoneEvents();
    memory.attach(events as PhoneEvents);
    events.answered.mockRejectedValue(new Error('no database'));
    const order = { legId: LEG, to: TO, ringTimeoutMs: 30_000, maxDurationMs: 60_000, detectMachine: false };
    const callId = await memory.dial(order);
    memory.callWith(TO).answer();
    await clock.advance(10_000);
    expect(memory.callWith(TO).spoken).toHaveLength(1);
    expect(events.handleEvent).toHaveBeenLastCalledWith(LEG, callId, {
      type: 'ended',
      how: 'hung-up',
      reason: null,
    });
  });

  it('fails as scripted', async () => {
    const memory = createMemoryPhone({ clock: createVirtualClock() });
    memory.failNext('dial', new AppError({ code: 'call-failed', retryable: true, userMessage: 'Not now.' }));
    const order = { legId: LEG, to: TO, ringTimeoutMs: 1_000, maxDurationMs: 1_000, detectMachine: false };
    await expect(memory.dial(order)).rejects.toMatchObject({ code: 'call-failed' });
    await memory.dial(order);
    memory.setUnavailable('Calling isn’t set up.');
    await expect(memory.dial(order)).rejects.toMatchObject({ userMessage: 'Calling isn’t set up.' });
    expect(memory.calls).toHaveLength(1);
  });
});
