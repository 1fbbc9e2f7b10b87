import { after } from '../after.ts';
import type { Network } from '../network.ts';
import type { Call } from './call.ts';

/**
 * Whether a person or a machine answered, in Twilio's words. It is told by what the telephone is and not by its sound:
 * a stand-in must not take a recorded voice for a machine. Null when the call ended before it was known.
 */
export const detect = async (
  network: Network,
  call: Call,
  mode: 'Enable' | 'DetectMessageEnd',
): Promise<string | null> => {
  await after(network.pace.detectMs, call.signal);
  if (call.handset.behaviour.type !== 'voicemail') return call.signal.aborted ? null : 'human';
  if (mode === 'DetectMessageEnd') await call.untilBeep;
  if (call.signal.aborted) return null;
  return mode === 'Enable' ? 'machine_start' : 'machine_end_beep';
};
