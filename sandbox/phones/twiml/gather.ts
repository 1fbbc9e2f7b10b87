import type { Call } from '../call/call.ts';
import type { GatherVerb, SpokenVerb } from './parse.ts';

/**
 * Asks for keys, while something is spoken and for a while after the last key. What the action is told of them; null
 * when nothing was entered, and the document goes on.
 * @see https://www.twilio.com/docs/voice/twiml/gather
 */
export const gather = async (
  call: Call,
  verb: GatherVerb,
  tools: {
    readonly signal: AbortSignal;
    readonly speak: (verb: SpokenVerb, signal: AbortSignal) => Promise<void>;
  },
): Promise<Record<string, string> | null> => {
  const line = call.audio!;
  const pressed = new AbortController();
  const complete = new AbortController();
  let digits = '';
  let finishedOnKey = '';
  let sinceMs = 0;
  call.takeKeys((key) => {
    if (complete.signal.aborted) return;
    // Whoever knows what to press need not listen to the end.
    pressed.abort();
    sinceMs = line.positionMs;
    if (key === verb.finishOnKey) finishedOnKey = key;
    else digits += key;
    if (finishedOnKey !== '' || digits.length === verb.numDigits) complete.abort();
  }, true);

  const untilPressed = AbortSignal.any([tools.signal, pressed.signal]);
  for (const spoken of verb.spoken) {
    if (!untilPressed.aborted) await tools.speak(spoken, untilPressed);
  }
  if (!pressed.signal.aborted) sinceMs = line.positionMs;
  const untilComplete = AbortSignal.any([tools.signal, complete.signal]);
  while (!untilComplete.aborted && line.positionMs < sinceMs + verb.timeoutMs) {
    await line.wait(sinceMs + verb.timeoutMs - line.positionMs, untilComplete);
  }
  call.takeKeys(null);
  if (digits === '' && !verb.actionOnEmptyResult) return null;
  return {
    Digits: digits,
    msg: digits === '' ? 'Gather Timeout' : 'Gather End',
    ...(finishedOnKey === '' ? {} : { FinishedOnKey: finishedOnKey }),
  };
};
