import type { Clock } from '../../../src/core/ports.ts';
import { pause } from '../../common/pause.ts';
import type { OngoingCall } from '../live-call.ts';
import type { Webhooks } from '../webhooks.ts';
import type { CallRequest } from './record.ts';

export type DetectMachine = (
  call: OngoingCall,
  detection: NonNullable<CallRequest['detection']>,
  answeredBy: { readonly isVoicemail: boolean; readonly greetingOver: Promise<void> },
) => Promise<void>;

/**
 * Decides whether a person or a machine answered, in Twilio's words, and reports it. It goes by what the phone is set
 * to, not by its audio: a recorded voice must not pass for a machine.
 * @see https://www.twilio.com/docs/voice/answering-machine-detection
 */
export const createMachineDetection = (options: {
  accountSid: string;
  detectMs: number;
  webhooks: Webhooks;
  clock: Clock;
}): DetectMachine => {
  const { clock } = options;
  return async (call, { mode, callback }, { isVoicemail, greetingOver }) => {
    const startedMs = clock.monotonicMs();
    await pause(clock, options.detectMs, call.signal);
    if (isVoicemail && mode === 'DetectMessageEnd') await greetingOver;
    if (call.signal.aborted) return;
    const machine = mode === 'Enable' ? 'machine_start' : 'machine_end_beep';
    call.record.answeredBy = isVoicemail ? machine : 'human';
    if (callback === null) return;
    options.webhooks.send(call.record.sid, {
      ...callback,
      parameters: {
        AccountSid: options.accountSid,
        AnsweredBy: call.record.answeredBy,
        CallSid: call.record.sid,
        MachineDetectionDuration: String(Math.round(clock.monotonicMs() - startedMs)),
      },
    });
  };
};
