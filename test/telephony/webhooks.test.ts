import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PhoneEvent } from '../../src/core/ports.ts';
import { createVirtualClock, type VirtualClock } from '../fakes/clock.ts';
import { until } from '../support/until.ts';
import {
  ACCOUNT,
  AUTH_TOKEN,
  CALL,
  LEG,
  openTestServer,
  PUBLIC_URL,
  post,
  sign,
  type TestServer,
} from './support.ts';

let parley: TestServer;
let clock: VirtualClock;
beforeEach(async () => {
  clock = createVirtualClock();
  parley = await openTestServer({ clock });
});
afterEach(async () => {
  const log = parley.log.text();
  await parley.close();
  // Whatever happens, no log has them.
  for (const secret of [AUTH_TOKEN, '+442079460000', '+4915112345678', '735194']) {
    expect(log).not.toContain(secret);
  }
});

const leg = (what: string): string => `/telephony/legs/${LEG}/${what}`;
const STATUS = leg('status');
const RECORDING = `RE${'d'.repeat(32)}`;

describe('a webhook of the phone network', () => {
  const RINGING = { CallStatus: 'ringing', To: '+442079460000' };

  it('is accepted when it is signed over the public URL, whatever host it names', async () => {
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example' };
    expect(await post(parley, STATUS, RINGING, { headers })).toMatchObject({ status: 204 });
    expect(parley.events.handleEvent).toHaveBeenCalledExactlyOnceWith(LEG, CALL, { type: 'ringing' });
  });

  const all = { AccountSid: ACCOUNT, CallSid: CALL, ...RINGING };
  it.each<[string, Parameters<typeof post>[3]]>([
    ['is not signed', { signature: null }],
    ['has an empty signature', { signature: '' }],
    ['is signed with another token', { signature: sign(`${PUBLIC_URL}${STATUS}`, all, 'another') }],
    ['has an altered parameter', { parameters: { CallStatus: 'completed' } }],
    ['has an added parameter', { parameters: { SipResponseCode: '404' } }],
    ['was signed for another leg', { path: STATUS.replace('0001', '0002') }],
    ['was signed for another path', { path: leg('machine') }],
    ['has a query that was not signed', { path: `${STATUS}?a=b` }],
    ['was signed for the host it names', { signature: sign(`https://evil.example${STATUS}`, all) }],
    ['is signed for another scheme', { signature: sign(`http://parley.example${STATUS}`, all) }],
    ['is no form', { body: '{}', headers: { 'content-type': 'application/json' } }],
    ['is far too long', { body: `a=${'b'.repeat(100_000)}` }],
    ['has far too many parameters', { body: Array.from({ length: 500 }, (_, at) => `p${at}=1`).join('&') }],
  ])('is refused with an empty response when it %s', async (_what, sent) => {
    expect(await post(parley, STATUS, RINGING, sent)).toMatchObject({ status: 403, body: '' });
    expect(parley.events.handleEvent).not.toHaveBeenCalled();
    expect(parley.log.text()).toContain('refused');
  });

  it('is refused when it names another account, although signed with our token', async () => {
    const foreign = { ...RINGING, AccountSid: `AC${'2'.repeat(32)}` };
    expect(await post(parley, STATUS, foreign)).toMatchObject({ status: 403, body: '' });
  });

  it.each([
    ['an unknown status', STATUS, { CallStatus: 'exploded' }],
    ['a call id that is none', STATUS, { CallStatus: 'ringing', CallSid: 'CA../../x' }],
    ['a leg id that is none', '/telephony/legs/a%2Fb/status', { CallStatus: 'ringing' }],
    ['two keys at once', leg('key'), { Digits: '12' }],
    ['no attempt', '/telephony/incoming/pin/0', { Digits: '1', From: '+1' }],
    ['no attempt of a voice request', leg('again/1001'), {}],
  ])('is refused with %s', async (_what, path, parameters) => {
    expect(await post(parley, path, parameters)).toMatchObject({ status: 403, body: '' });
  });

  it('is refused while the public URL is not known', async () => {
    const unknown = await openTestServer({ publicUrl: () => null });
    expect(await post(unknown, STATUS, RINGING)).toMatchObject({ status: 403 });
    await unknown.close();
  });

  it('is passed on each time it is repeated, as the flows know it again', async () => {
    await post(parley, STATUS, RINGING);
    await post(parley, STATUS, RINGING, { headers: { 'i-twilio-idempotency-token': 'again' } });
    expect(parley.events.handleEvent.mock.calls).toEqual([
      [LEG, CALL, { type: 'ringing' }],
      [LEG, CALL, { type: 'ringing' }],
    ]);
  });
});

describe('an event of a leg', () => {
  const ended = (how: string, reason: string | null = null) =>
    ({ type: 'ended', how, reason }) as unknown as PhoneEvent;

  it.each([
    [{ CallStatus: 'initiated' }, { type: 'ringing' }],
    [{ CallStatus: 'queued' }, { type: 'ringing' }],
    [{ CallStatus: 'ringing' }, { type: 'ringing' }],
    [{ CallStatus: 'in-progress' }, { type: 'answered' }],
    [{ CallStatus: 'answered' }, { type: 'answered' }],
    [{ CallStatus: 'completed', SipResponseCode: '200' }, ended('hung-up')],
    [{ CallStatus: 'busy', SipResponseCode: '486' }, ended('busy')],
    [{ CallStatus: 'no-answer', SipResponseCode: '487' }, ended('no-answer')],
    [{ CallStatus: 'canceled' }, ended('cancelled')],
    [
      { CallStatus: 'failed', SipResponseCode: '404' },
      ended('failed', expect.stringContaining('doesn’t exist')),
    ],
    [
      { CallStatus: 'failed', SipResponseCode: '480' },
      ended('failed', expect.stringContaining('out of reach')),
    ],
    [
      { CallStatus: 'failed', SipResponseCode: '503' },
      ended('failed', expect.stringContaining('has a problem')),
    ],
    [
      { CallStatus: 'failed', SipResponseCode: '403', ErrorCode: '13227' },
      ended('failed', expect.stringContaining('Geo permissions')),
    ],
    [
      { CallStatus: 'failed', SipResponseCode: 'nonsense' },
      ended('failed', expect.stringContaining('didn’t go through')),
    ],
  ])('%j', async (parameters, event) => {
    expect((await post(parley, STATUS, parameters)).status).toBe(204);
    expect(parley.events.handleEvent).toHaveBeenCalledExactlyOnceWith(LEG, CALL, event);
  });

  it.each([
    ['human', 'person'],
    ['machine_start', 'machine'],
    ['machine_end_beep', 'machine'],
    ['fax', 'machine'],
    ['unknown', 'unknown'],
    ['something new', 'unknown'],
  ])('answered by %s is %s', async (AnsweredBy, by) => {
    await post(parley, leg('machine'), { AnsweredBy });
    expect(parley.events.handleEvent).toHaveBeenCalledExactlyOnceWith(LEG, CALL, { type: 'answered-by', by });
  });

  it.each([
    ['completed', 'recording-ready'],
    ['absent', 'recording-absent'],
    ['failed', 'recording-absent'],
  ])('a recording that is %s is %s, whatever its URL claims', async (RecordingStatus, type) => {
    const RecordingUrl = 'https://evil.example/recording';
    await post(parley, leg('recording'), { RecordingStatus, RecordingSid: RECORDING, RecordingUrl });
    expect(parley.events.handleEvent).toHaveBeenCalledExactlyOnceWith(LEG, CALL, {
      type,
      recordingId: RECORDING,
    });
  });

  it('a recording that started is no event', async () => {
    const begun = { RecordingStatus: 'in-progress', RecordingSid: RECORDING };
    expect((await post(parley, leg('recording'), begun)).status).toBe(204);
    expect(parley.events.handleEvent).not.toHaveBeenCalled();
  });

  it('that cannot be stored is not acknowledged', async () => {
    parley.events.handleEvent.mockRejectedValueOnce(new Error('the database is away'));
    expect((await post(parley, STATUS, { CallStatus: 'completed' })).status).toBe(503);
  });
});

describe('the audio stream of a phone', () => {
  it('that the network could not open is reported, logged without details, and counted', async () => {
    const failed = {
      StreamSid: `MZ${'c'.repeat(32)}`,
      StreamName: `MZ${'c'.repeat(32)}`,
      StreamEvent: 'stream-error',
      StreamError:
        'Handshake with wss://parley.example/telephony/stream failed for +442079460000: 502\n"Bad"',
    };
    expect((await post(parley, leg('stream/2'), failed)).status).toBe(204);
    expect(parley.events.handleEvent).toHaveBeenCalledExactlyOnceWith(LEG, CALL, {
      type: 'audio-failed',
      progress: { noticePlayed: true, attempts: 0, connects: 2 },
    });
    expect(parley.log.text()).toContain('Handshake with … failed for …: 502');
    expect(parley.telephony.figures().failed).toBe(1);
  });

  it('that began or stopped needs nothing', async () => {
    for (const StreamEvent of ['stream-started', 'stream-stopped']) {
      expect((await post(parley, leg('stream/1'), { StreamEvent })).status).toBe(204);
    }
    expect(parley.events.handleEvent).not.toHaveBeenCalled();
    expect(parley.telephony.figures().failed).toBe(0);
  });
});

describe('the instruction for a phone', () => {
  it('is that of the flows, for that leg and call', async () => {
    const { status, type, body } = await post(parley, leg('voice'), { CallStatus: 'in-progress' });
    expect({ status, type }).toEqual({ status: 200, type: 'text/xml; charset=utf-8' });
    expect(body).toContain('<Say>No one is here.</Say><Hangup/>');
    expect(parley.events.answered).toHaveBeenCalledExactlyOnceWith(LEG, CALL, {
      noticePlayed: false,
      attempts: 0,
      connects: 0,
    });
  });

  it('depends on what the phone has been through', async () => {
    for (const path of ['voice/2', 'again', 'again/9']) await post(parley, leg(path), {});
    expect(parley.events.answered.mock.calls.map(([, , progress]) => progress)).toEqual([
      { noticePlayed: false, attempts: 2, connects: 0 },
      { noticePlayed: true, attempts: 0, connects: 0 },
      { noticePlayed: true, attempts: 9, connects: 0 },
    ]);
  });

  it('depends on how often its audio was to connect', async () => {
    for (const path of ['again/0/1', 'voice/1/2']) await post(parley, leg(path), {});
    expect(parley.events.answered.mock.calls.map(([, , progress]) => progress)).toEqual([
      { noticePlayed: true, attempts: 0, connects: 1 },
      { noticePlayed: false, attempts: 1, connects: 2 },
    ]);
    expect((await post(parley, leg('again/0/1001'), {})).status).toBe(403);
  });

  it('follows a key', async () => {
    expect((await post(parley, leg('key'), { Digits: '#' })).body).toContain('A key.');
    expect(parley.events.keyPressed).toHaveBeenCalledExactlyOnceWith(LEG, CALL, '#');
  });

  it('asks an incoming caller for a PIN, and again', async () => {
    const From = '+4915112345678';
    const { body } = await post(parley, '/telephony/incoming', { From });
    expect(body).toContain(`action="${PUBLIC_URL}/telephony/incoming/pin/1"`);
    expect(parley.events.dialledIn).toHaveBeenCalledExactlyOnceWith({ callId: CALL, from: From });
    parley.events.pinEntered.mockResolvedValueOnce({ next: 'ask-pin', say: ['Again.'], attempt: 3 });
    const second = await post(parley, '/telephony/incoming/pin/2', { From, Digits: '735194#' });
    expect(second.body).toContain(`${PUBLIC_URL}/telephony/incoming/pin/3`);
    expect(parley.events.pinEntered).toHaveBeenCalledExactlyOnceWith(
      { callId: CALL, from: From },
      '735194',
      2,
    );
  });

  it('has an empty PIN without digits, and a withheld number as the network spells it', async () => {
    await post(parley, '/telephony/incoming/pin/1', { From: 'anonymous' });
    expect(parley.events.pinEntered).toHaveBeenCalledExactlyOnceWith(
      { callId: CALL, from: 'anonymous' },
      '',
      1,
    );
  });

  it('is an apology when the flows fail', async () => {
    parley.events.answered.mockRejectedValueOnce(new Error('the database is away'));
    const { status, body } = await post(parley, leg('voice'), {});
    expect(status).toBe(200);
    expect(body).toMatch(/<Say>Sorry.*<\/Say><Hangup\/>/);
    expect(parley.log.text()).toContain('no instruction for a phone');
  });

  it('is an apology when the flows take longer than 10 s', async () => {
    parley.events.dialledIn.mockReturnValueOnce(new Promise(() => {}));
    const posted = post(parley, '/telephony/incoming', { From: '+1' });
    await until(() => parley.events.dialledIn.mock.calls.length === 1, { everyMs: 1 });
    await clock.advance(9_999);
    expect(clock.pendingTimers).toBeGreaterThan(1);
    await clock.advance(1);
    expect((await posted).body).toContain('Sorry');
  });
});
