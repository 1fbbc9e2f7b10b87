import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PhoneEvent } from '../../src/core/ports.ts';
import { ACCOUNT, AUTH_TOKEN, CALL, type House, LEG, openHouse, PUBLIC_URL, post, sign } from './support.ts';

let house: House;
beforeEach(async () => {
  house = await openHouse({ answerWithinMs: 200 });
});
afterEach(async () => {
  const log = house.log.text();
  await house.close();
  // Whatever handleEvent: nothing of it is anybody else's business.
  for (const secret of [AUTH_TOKEN, '+442079460000', '+4915112345678', '735194']) {
    expect(log).not.toContain(secret);
  }
});

const leg = (what: string): string => `/telephony/legs/${LEG}/${what}`;
const STATUS = leg('status');
const RECORDING = `RE${'d'.repeat(32)}`;

describe('a request of the telephone network', () => {
  const RINGING = { CallStatus: 'ringing', To: '+442079460000' };

  it('is believed when it is signed over the public address, whatever host it names', async () => {
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example' };
    expect(await post(house, STATUS, RINGING, { headers })).toMatchObject({ status: 204 });
    expect(house.calls.handleEvent).toHaveBeenCalledExactlyOnceWith(LEG, CALL, { type: 'ringing' });
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
  ])('is refused without a word when it %s', async (_what, sent) => {
    expect(await post(house, STATUS, RINGING, sent)).toMatchObject({ status: 403, body: '' });
    expect(house.calls.handleEvent).not.toHaveBeenCalled();
    expect(house.log.text()).toContain('refused');
  });

  it('is refused when another account signed nothing but its own name, with our token', async () => {
    const foreign = { ...RINGING, AccountSid: `AC${'2'.repeat(32)}` };
    expect(await post(house, STATUS, foreign)).toMatchObject({ status: 403, body: '' });
  });

  it.each([
    ['an unknown status', STATUS, { CallStatus: 'exploded' }],
    ['a call id that is none', STATUS, { CallStatus: 'ringing', CallSid: 'CA../../x' }],
    ['a leg id that is none', '/telephony/legs/a%2Fb/status', { CallStatus: 'ringing' }],
    ['two keys at once', leg('key'), { Digits: '12' }],
    ['no attempt', '/telephony/incoming/pin/0', { Digits: '1', From: '+1' }],
    ['no wait', leg('again/0'), {}],
  ])('is refused with %s', async (_what, path, parameters) => {
    expect(await post(house, path, parameters)).toMatchObject({ status: 403, body: '' });
  });

  it('is refused by all while nobody knows the public address', async () => {
    const homeless = await openHouse({ publicUrl: () => null });
    expect(await post(homeless, STATUS, RINGING)).toMatchObject({ status: 403 });
    await homeless.close();
  });

  it('is passed on as often as it comes: the flows know it again', async () => {
    await post(house, STATUS, RINGING);
    await post(house, STATUS, RINGING, { headers: { 'i-twilio-idempotency-token': 'again' } });
    expect(house.calls.handleEvent.mock.calls).toEqual([
      [LEG, CALL, { type: 'ringing' }],
      [LEG, CALL, { type: 'ringing' }],
    ]);
  });
});

describe('what happens to a leg', () => {
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
      ended('failed', expect.stringContaining('no such number')),
    ],
    [
      { CallStatus: 'failed', SipResponseCode: '480' },
      ended('failed', expect.stringContaining('out of reach')),
    ],
    [
      { CallStatus: 'failed', SipResponseCode: '503' },
      ended('failed', expect.stringContaining('in trouble')),
    ],
    [
      { CallStatus: 'failed', SipResponseCode: '403', ErrorCode: '13227' },
      ended('failed', expect.stringContaining('Geo permissions')),
    ],
    [
      { CallStatus: 'failed', SipResponseCode: 'nonsense' },
      ended('failed', expect.stringContaining('did not get through')),
    ],
  ])('%j', async (parameters, event) => {
    expect((await post(house, STATUS, parameters)).status).toBe(204);
    expect(house.calls.handleEvent).toHaveBeenCalledExactlyOnceWith(LEG, CALL, event);
  });

  it.each([
    ['human', 'person'],
    ['machine_start', 'machine'],
    ['machine_end_beep', 'machine'],
    ['fax', 'machine'],
    ['unknown', 'unknown'],
    ['something new', 'unknown'],
  ])('answered by %s is %s', async (AnsweredBy, by) => {
    await post(house, leg('machine'), { AnsweredBy });
    expect(house.calls.handleEvent).toHaveBeenCalledExactlyOnceWith(LEG, CALL, { type: 'answered-by', by });
  });

  it.each([
    ['completed', 'recording-ready'],
    ['absent', 'recording-absent'],
    ['failed', 'recording-absent'],
  ])('a recording that is %s is %s, wherever it claims to be', async (RecordingStatus, type) => {
    const RecordingUrl = 'https://evil.example/recording';
    await post(house, leg('recording'), { RecordingStatus, RecordingSid: RECORDING, RecordingUrl });
    expect(house.calls.handleEvent).toHaveBeenCalledExactlyOnceWith(LEG, CALL, {
      type,
      recordingId: RECORDING,
    });
  });

  it('a recording that has begun is nothing new', async () => {
    const begun = { RecordingStatus: 'in-progress', RecordingSid: RECORDING };
    expect((await post(house, leg('recording'), begun)).status).toBe(204);
    expect(house.calls.handleEvent).not.toHaveBeenCalled();
  });

  it('that cannot be stored is not acknowledged', async () => {
    house.calls.handleEvent.mockRejectedValueOnce(new Error('the database is away'));
    expect((await post(house, STATUS, { CallStatus: 'completed' })).status).toBe(503);
  });
});

describe('what a telephone is told', () => {
  it('is what the flows answer, for that leg and call', async () => {
    const { status, type, body } = await post(house, leg('voice'), { CallStatus: 'in-progress' });
    expect({ status, type }).toEqual({ status: 200, type: 'text/xml; charset=utf-8' });
    expect(body).toContain('<Say>Nobody is there.</Say><Hangup/>');
    expect(house.calls.answered).toHaveBeenCalledExactlyOnceWith(LEG, CALL, {
      noticePlayed: false,
      attempts: 0,
    });
  });

  it('knows what the telephone went through before', async () => {
    for (const path of ['voice/2', 'again', 'again/9']) await post(house, leg(path), {});
    expect(house.calls.answered.mock.calls.map(([, , so]) => so)).toEqual([
      { told: false, waits: 2 },
      { noticePlayed: true, attempts: 0 },
      { told: true, waits: 9 },
    ]);
  });

  it('follows a key', async () => {
    expect((await post(house, leg('key'), { Digits: '#' })).body).toContain('A key.');
    expect(house.calls.keyPressed).toHaveBeenCalledExactlyOnceWith(LEG, CALL, '#');
  });

  it('asks who rings us for a PIN, and again', async () => {
    const From = '+4915112345678';
    const { body } = await post(house, '/telephony/incoming', { From });
    expect(body).toContain(`action="${PUBLIC_URL}/telephony/incoming/pin/1"`);
    expect(house.calls.dialledIn).toHaveBeenCalledExactlyOnceWith({ callId: CALL, from: From });
    house.calls.pinEntered.mockResolvedValueOnce({ next: 'ask-pin', say: ['Again.'], attempt: 3 });
    const second = await post(house, '/telephony/incoming/pin/2', { From, Digits: '735194#' });
    expect(second.body).toContain(`${PUBLIC_URL}/telephony/incoming/pin/3`);
    expect(house.calls.pinEntered).toHaveBeenCalledExactlyOnceWith({ callId: CALL, from: From }, '735194', 2);
  });

  it('takes no digits for an empty PIN, and a hidden number as it is called', async () => {
    await post(house, '/telephony/incoming/pin/1', { From: 'anonymous' });
    expect(house.calls.pinEntered).toHaveBeenCalledExactlyOnceWith(
      { callId: CALL, from: 'anonymous' },
      '',
      1,
    );
  });

  it('is an apology when the flows fail', async () => {
    house.calls.answered.mockRejectedValueOnce(new Error('the database is away'));
    const { status, body } = await post(house, leg('voice'), {});
    expect(status).toBe(200);
    expect(body).toMatch(/<Say>Sorry.*<\/Say><Hangup\/>/);
    expect(house.log.text()).toContain('no answer for a telephone');
  });

  it('is an apology when the flows take longer than anybody listens to nothing', async () => {
    house.calls.dialledIn.mockReturnValueOnce(new Promise(() => {}));
    expect((await post(house, '/telephony/incoming', { From: '+1' })).body).toContain('Sorry');
  });
});
