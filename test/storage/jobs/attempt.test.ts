import { expect, test } from 'vitest';
import { countCutOffs } from '../../../src/storage/jobs/attempt.ts';
import type { Payload } from '../../../src/storage/jobs/payload.ts';
import { transcribe } from '../support/samples.ts';

const claim = (retryCount: number, settledClaim: number | null) => ({
  id: 'j',
  name: 'transcribe',
  data: {},
  retryCount,
  output: (settledClaim === null ? null : { settledClaim }) as object,
  signal: new AbortController().signal,
});
const payload = (counts: Partial<Payload> = {}): Payload => ({
  job: transcribe('a'),
  forgiven: 0,
  kills: 0,
  counted: 0,
  ...counts,
});
/** What `countCutOffs` makes of it, with the attempt that follows. */
const counted = (stored: Payload, claimed: ReturnType<typeof claim>) => {
  const { forgiven, kills } = countCutOffs(stored, claimed);
  return { attempt: claimed.retryCount + 1 - forgiven, kills };
};

test.each([
  ['the first claim', payload(), claim(0, null), { attempt: 1, kills: 0 }],
  ['one after a failure', payload({ counted: 1 }), claim(1, 0), { attempt: 2, kills: 0 }],
  ['one after a kill', payload(), claim(1, null), { attempt: 1, kills: 1 }],
  ['one after three kills', payload(), claim(3, null), { attempt: 1, kills: 3 }],
  ['one after a failure and two kills', payload({ counted: 1 }), claim(3, 0), { attempt: 2, kills: 2 }],
  [
    'one that was put back for another suspect',
    payload({ forgiven: 3, kills: 2, counted: 3 }),
    claim(3, 2),
    { attempt: 1, kills: 2 },
  ],
  [
    'one of an earlier version after a kill',
    payload({ counted: null }),
    claim(4, 1),
    { attempt: 4, kills: 1 },
  ],
])('%s', (_name, stored, claimed, expected) => {
  expect(counted(stored, claimed)).toEqual(expected);
});
