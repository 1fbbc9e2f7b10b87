import type { TwimlCall } from '../live-call.ts';
import type { GatherVerb } from './parse.ts';
import type { Speak } from './speak.ts';

/**
 * Collects keys while the nested verbs are spoken, and for a while after the last key. Returns the parameters for the
 * action; null when no key was pressed and the document goes on.
 * @see https://www.twilio.com/docs/voice/twiml/gather
 */
export const gather = async (
  call: TwimlCall,
  verb: GatherVerb,
  { signal, speak }: { readonly signal: AbortSignal; readonly speak: Speak },
): Promise<Record<string, string> | null> => {
  const audio = call.audio!;
  const pressed = new AbortController();
  const complete = new AbortController();
  let digits = '';
  let finishedOnKey = '';
  let sinceMs = 0;
  call.onKey((key) => {
    if (complete.signal.aborted) return;
    // A key interrupts what is spoken.
    pressed.abort();
    sinceMs = audio.positionMs;
    if (key === verb.finishOnKey) finishedOnKey = key;
    else digits += key;
    if (finishedOnKey !== '' || digits.length === verb.numDigits) complete.abort();
  }, true);

  const untilPressed = AbortSignal.any([signal, pressed.signal]);
  for (const spoken of verb.spoken) {
    if (!untilPressed.aborted) await speak(call, spoken, untilPressed);
  }
  if (!pressed.signal.aborted) sinceMs = audio.positionMs;
  const untilComplete = AbortSignal.any([signal, complete.signal]);
  while (!untilComplete.aborted && audio.positionMs < sinceMs + verb.timeoutMs) {
    await audio.wait(sinceMs + verb.timeoutMs - audio.positionMs, untilComplete);
  }
  call.onKey(null);
  if (digits === '' && !verb.actionOnEmptyResult) return null;
  return {
    Digits: digits,
    msg: digits === '' ? 'Gather Timeout' : 'Gather End',
    ...(finishedOnKey === '' ? {} : { FinishedOnKey: finishedOnKey }),
  };
};
