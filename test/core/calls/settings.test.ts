import { describe, expect, it } from 'vitest';
import {
  checkSettings,
  DECLINE_KEY,
  DEFAULT_SETTINGS,
  MAX_NOTICE_LENGTH,
  renderNotice,
} from '../../../src/core/calls/settings.ts';

describe('the notice that everybody on a telephone hears', () => {
  it('says who calls, that it is recorded and turned into text, and which key refuses that', () => {
    expect(renderNotice(DEFAULT_SETTINGS, 'Ann')).toBe(
      'Hello. Ann is calling you through Parley. This call is recorded and turned into text. If you do not want that, press 9 at any time; the call then goes on without it.',
    );
    expect(checkSettings(DEFAULT_SETTINGS)).toBeNull();
  });

  it('takes any name as it is, on one line and not endlessly', () => {
    const notice = { ...DEFAULT_SETTINGS, notice: '{caller}\nand {caller}: 9' };
    expect(renderNotice(notice, '  $& <Say>\n{caller} ')).toBe('$& <Say> {caller} and $& <Say> {caller}: 9');
    expect(renderNotice(notice, ' ')).toBe('Somebody and Somebody: 9');
    expect(renderNotice(notice, 'x'.repeat(500)).length).toBeLessThan(200);
  });
});

describe('settings of calls', () => {
  const refusalOf = (notice: string) => checkSettings({ ...DEFAULT_SETTINGS, notice });
  it('need a notice, not too long, that tells the key', () => {
    expect(refusalOf(' \n ')).toMatch(/must hear a notice/);
    expect(refusalOf(`9${'x'.repeat(MAX_NOTICE_LENGTH)}`)).toMatch(/600 characters at most/);
    expect(refusalOf(`9${'x'.repeat(MAX_NOTICE_LENGTH - 1)}`)).toBeNull();
    expect(refusalOf('You are recorded.')).toMatch(`pressing ${DECLINE_KEY} refuses`);
    expect(refusalOf('You are recorded until 1999.')).toMatch(`pressing ${DECLINE_KEY} refuses`);
    expect(refusalOf('Sie werden aufgezeichnet; die 9 lehnt das ab.')).toBeNull();
  });
});
