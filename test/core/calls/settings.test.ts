import { describe, expect, it } from 'vitest';
import {
  checkSettings,
  DEFAULT_SETTINGS,
  MAX_NOTICE_LENGTH,
  renderNotice,
} from '../../../src/core/calls/settings.ts';

describe('the recording notice', () => {
  it('says who calls, that the call is recorded and transcribed, and which key declines', () => {
    expect(renderNotice(DEFAULT_SETTINGS, 'Ann')).toBe(
      'Hello. Ann is calling you through Parley. This call is recorded and transcribed. If you do not want that, press 9 at any time; the call then continues without it.',
    );
    expect(checkSettings(DEFAULT_SETTINGS)).toBeNull();
  });

  it('takes any name as it is, on one line and not endlessly', () => {
    const notice = { ...DEFAULT_SETTINGS, notice: '{caller}\nand {caller}: 9' };
    expect(renderNotice(notice, '  $& <Say>\n{caller} ')).toBe('$& <Say> {caller} and $& <Say> {caller}: 9');
    expect(renderNotice(notice, ' ')).toBe('Someone and Someone: 9');
    expect(renderNotice(notice, 'x'.repeat(500)).length).toBeLessThan(200);
  });
});

describe('call settings', () => {
  const refusalOf = (notice: string) => checkSettings({ ...DEFAULT_SETTINGS, notice });
  it('need a notice, not too long, that mentions the key', () => {
    expect(refusalOf(' \n ')).toMatch(/Add a recording notice/);
    expect(refusalOf(`9${'x'.repeat(MAX_NOTICE_LENGTH)}`)).toMatch(/at most 600 characters/);
    expect(refusalOf(`9${'x'.repeat(MAX_NOTICE_LENGTH - 1)}`)).toBeNull();
    expect(refusalOf('You are recorded.')).toMatch(/pressing 9 declines/);
    expect(refusalOf('You are recorded until 1999.')).toMatch(/pressing 9 declines/);
    expect(refusalOf('Sie werden aufgezeichnet; die 9 lehnt das ab.')).toBeNull();
  });
});
