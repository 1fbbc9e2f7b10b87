import { describe, expect, it } from 'vitest';
import type { LegId } from '../../src/core/ids.ts';
import type { CallInstruction } from '../../src/core/ports.ts';
import { DEFAULT_VOICE, pressKeys, twimlOf, type Voice } from '../../src/telephony/twiml.ts';
import { webhookUrlsBelow } from '../../src/telephony/urls.ts';

const urls = webhookUrlsBelow('https://parley.example/base');
const twiml = (instruction: CallInstruction, voice: Voice = DEFAULT_VOICE): string =>
  twimlOf(instruction, { urls, streamToken: 'a.b.c', voice }).replace(/^<\?xml[^>]*\?>/, '');
const connect = (say: readonly string[]): CallInstruction => ({
  next: 'connect',
  legId: 'leg-1' as LegId,
  say,
  url: 'https://two.example',
  progress: { noticePlayed: true, attempts: 0, connects: 2 },
  broken: { say: ['Wait.'], pausesMs: [12_000, 300] },
});
const CONNECT =
  '<Connect><Stream url="wss://two.example/telephony/stream" ' +
  'statusCallback="https://parley.example/base/telephony/legs/leg-1/stream/2" statusCallbackMethod="POST">' +
  '<Parameter name="leg" value="leg-1"/><Parameter name="token" value="a.b.c"/></Stream></Connect>' +
  '<Say>Wait.</Say><Pause length="12"/><Say>Wait.</Say><Pause length="1"/>' +
  '<Redirect method="POST">https://parley.example/base/telephony/legs/leg-1/again/0/2</Redirect>';

describe('an instruction as TwiML', () => {
  it('to connect: speech that any key ends, then the audio; once that is lost, pauses and a redirect', () => {
    expect(twiml(connect(['One.', 'Two.']))).toBe(
      '<Response><Gather input="dtmf" numDigits="1" finishOnKey="" timeout="1" ' +
        'action="https://parley.example/base/telephony/legs/leg-1/key" method="POST">' +
        `<Say>One.</Say><Say>Two.</Say></Gather>${CONNECT}</Response>`,
    );
  });

  it('to connect without speech waits for no key', () => {
    expect(twiml(connect([' ', '\u0000']))).toBe(`<Response>${CONNECT}</Response>`);
  });

  it('to connect within one machine is not encrypted', () => {
    const instruction = { ...connect([]), url: 'http://127.0.0.1:3000' } as CallInstruction;
    expect(twiml(instruction)).toContain('url="ws://127.0.0.1:3000/telephony/stream"');
  });

  it.each([
    [{ noticePlayed: false, attempts: 1, connects: 0 }, 'voice/1'],
    [{ noticePlayed: true, attempts: 3, connects: 0 }, 'again/3'],
    [{ noticePlayed: true, attempts: 1, connects: 2 }, 'again/1/2'],
    [{ noticePlayed: true, attempts: 0, connects: 0 }, 'again'],
  ])('to wait: a sentence, a pause, and a redirect, after %j', (progress, path) => {
    expect(twiml({ next: 'wait', legId: 'leg-1' as LegId, say: ['Wait.'], forMs: 4_000, progress })).toBe(
      '<Response><Say>Wait.</Say><Pause length="4"/><Redirect method="POST">' +
        `https://parley.example/base/telephony/legs/leg-1/${path}</Redirect></Response>`,
    );
  });

  it('to ask for a PIN: digits up to #, of which none is an attempt as well', () => {
    const action = 'https://parley.example/base/telephony/incoming/pin/2';
    expect(twiml({ next: 'ask-pin', say: ['PIN?'], attempt: 2 })).toBe(
      `<Response><Gather input="dtmf" numDigits="12" finishOnKey="#" timeout="8" action="${action}" method="POST">` +
        `<Say>PIN?</Say></Gather><Redirect method="POST">${action}</Redirect></Response>`,
    );
  });

  it('to press keys, and then to ask', () => {
    expect(pressKeys('123', urls.voice('leg-1' as LegId))).toContain(
      '<Response><Play digits="w123"/><Redirect method="POST">https://parley.example/base/telephony/legs/leg-1/voice' +
        '</Redirect></Response>',
    );
  });

  it('to hang up', () => {
    expect(twiml({ next: 'hang-up', say: ['Goodbye.'] })).toBe(
      '<Response><Say>Goodbye.</Say><Hangup/></Response>',
    );
    expect(twiml({ next: 'hang-up', say: [] })).toBe('<Response><Hangup/></Response>');
  });

  it('in a voice', () => {
    expect(twiml({ next: 'hang-up', say: ['Hi.'] }, { name: 'Polly.Amy', language: 'en-GB' })).toContain(
      '<Say voice="Polly.Amy" language="en-GB">Hi.</Say>',
    );
  });
});

describe('a sentence', () => {
  const said = (sentence: string): string =>
    twiml({ next: 'hang-up', say: [sentence] }).replace(/^<Response>(.*)<Hangup\/><\/Response>$/s, '$1');

  it.each([
    ['closes no tag', '</Say><Dial>+1900</Dial>', '<Say>&lt;/Say&gt;&lt;Dial&gt;+1900&lt;/Dial&gt;</Say>'],
    ['is no entity', 'a &lt; b & c', '<Say>a &amp;lt; b &amp; c</Say>'],
    ['keeps its quotes', `"O'Neil"`, `<Say>"O'Neil"</Say>`],
    ['opens no section', '<![CDATA[x]]><!-- y -->', '<Say>&lt;![CDATA[x]]&gt;&lt;!-- y --&gt;</Say>'],
    ['loses what XML cannot hold', 'a\u0000\u0007\u001b[31m\ufffeb\r\nc', '<Say>a [31m b c</Say>'],
    ['keeps emoji', 'Hi 😀', '<Say>Hi 😀</Say>'],
    ['survives half an emoji', 'Hi \ud83d!', '<Say>Hi \ufffd!</Say>'],
  ])('%s', (_what, sentence, expected) => {
    expect(said(sentence)).toBe(expected);
  });

  it('is cut at the limit, and so are all together', () => {
    expect(said('😀'.repeat(4_000)).length).toBeLessThan(3_020);
    const many = twiml({ next: 'hang-up', say: Array.from({ length: 500 }, () => '<x> '.repeat(20)) });
    expect(many.match(/&lt;x/g)!.length).toBeLessThan(800);
    // The network takes 64 kB of TwiML.
    expect(many.length).toBeLessThan(20_000);
  });

  it('becomes no URL', () => {
    const hostile = 'https://evil.example/"><Redirect>https://evil.example</Redirect>';
    const xml = twiml(connect([hostile]));
    const urls = [...xml.matchAll(/(?:url|action)="([^"]*)"|<Redirect[^>]*>([^<]*)</g)].map(
      ([, attribute, text]) => new URL(attribute ?? text ?? '').host,
    );
    expect(urls).toEqual(['parley.example', 'two.example', 'parley.example']);
  });
});
