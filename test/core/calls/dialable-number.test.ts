import { describe, expect, it } from 'vitest';
import { parseDialableNumber } from '../../../src/core/calls/dialable-number.ts';
import {
  countryInText,
  countryName,
  formatNumber,
  isCountry,
  maskNumber,
} from '../../../src/core/calls/numbers.ts';
import type { PhoneNumber } from '../../../src/core/ids.ts';
import { PLAN, REFUSED, type Refusal, SENTENCES } from './refused-numbers.ts';

const all = Object.entries(REFUSED).flatMap(([kind, numbers]) =>
  numbers.map((number) => [kind as Refusal, number] as const),
);

describe('numbers that must not be dialled', () => {
  it('are five hundred and more in this table, all different', () => {
    expect(new Set(all.map(([, number]) => number)).size).toBeGreaterThanOrEqual(500);
    expect(all.length - new Set(all.map(([, number]) => number)).size).toBe(0);
  });

  it.each(all)('%s: %s', (kind, number) => {
    const understood = parseDialableNumber(number, PLAN);
    const refused = 'refused' in understood ? understood.refused : 'nothing';
    const said = Object.entries(SENTENCES).filter(([, sentence]) => sentence.test(refused));
    expect(said.map(([name]) => name)).toEqual([kind]);
  });

  it('are refused also with a title behind them', () => {
    for (const [kind, number] of all.filter(([kind]) => !['notANumber', 'short', 'code'].includes(kind))) {
      expect([number, parseDialableNumber(`${number} about the invoice`, PLAN)]).toEqual([
        number,
        { refused: expect.stringMatching(SENTENCES[kind]) },
      ]);
    }
  });

  it('are refused whichever country is the default', () => {
    const dialled = all.filter(([kind, number]) => {
      // Those without a country mean another number elsewhere.
      if (!/^(?:\+|tel:\+|<tel:\+)/.test(number) || kind === 'country') return false;
      return ['US', 'DE', 'IT', 'JP'].some(
        (defaultCountry) => !('refused' in parseDialableNumber(number, { ...PLAN, defaultCountry })),
      );
    });
    expect(dialled).toEqual([]);
  });
});

describe('a country that is not allowed', () => {
  it('is named, with those that are', () => {
    expect(parseDialableNumber('+33 1 42 68 53 00', PLAN)).toEqual({
      refused:
        'Calls to France are turned off. You can call: Germany, Italy, the United Kingdom, the United States. Ask your Parley admin to allow more.',
    });
    expect(parseDialableNumber('020 7946 0000', { ...PLAN, countries: [] })).toEqual({
      refused: 'Calls are turned off for all countries. Ask your Parley admin to allow some.',
    });
    const many = 'AT BE CH DE DK ES FI FR IE IT'.split(' ');
    expect(parseDialableNumber('020 7946 0000', { ...PLAN, countries: many })).toMatchObject({
      refused: expect.stringContaining('Ireland, Italy, 2 other countries.'),
    });
  });

  it('may share its code with one that is', () => {
    for (const [number, country] of [
      ['+1 876 555 1234', 'Jamaica'],
      ['+44 7911 123456', 'Guernsey'],
      ['+44 1624 756756', 'Isle of Man'],
    ] as const) {
      expect(parseDialableNumber(number, PLAN)).toMatchObject({ refused: expect.stringContaining(country) });
    }
  });
});

describe('numbers that may be dialled', () => {
  const LONDON = '+442079460000';
  const NEW_YORK = '+12125550123';
  const BERLIN = '+49301234567';
  const ROME = '+390612345678';
  it.each<[text: string, number: string, rest: string, defaultCountry?: string]>([
    ['+442079460000', LONDON, ''],
    ['+44 20 7946 0000', LONDON, ''],
    ['+44 (0)20 7946 0000', LONDON, ''],
    ['+44(0)2079460000', LONDON, ''],
    ['(+44) 20 7946 0000', LONDON, ''],
    ['+ 44 20 7946 0000', LONDON, ''],
    ['0044 20 7946 0000', LONDON, ''],
    ['020 7946 0000', LONDON, ''],
    ['02079460000', LONDON, ''],
    ['(020) 7946-0000', LONDON, ''],
    ['( 020 ) 7946 0000', LONDON, ''],
    ['020-7946-0000', LONDON, ''],
    ['020.7946.0000', LONDON, ''],
    ['020/7946/0000', LONDON, ''],
    ['020 – 7946 – 0000', LONDON, ''],
    ['  020\u00a07946\u20090000  ', LONDON, ''],
    ['\u202a+44 20 7946 0000\u202c', LONDON, ''],
    ['+44\u00ad20\u200b79460000', LONDON, ''],
    ['＋４４ ２０ ７９４６ ００００', LONDON, ''],
    ['٠٢٠ ٧٩٤٦ ٠٠٠٠ متابعة', LONDON, 'متابعة'],
    ['tel:+442079460000', LONDON, ''],
    ['TEL:+44-20-7946-0000', LONDON, ''],
    ['tel:%2B442079460000', LONDON, ''],
    ['tel:+44-20-7946-0000;ext=12 about it', LONDON, 'about it'],
    ['tel:020-7946-0000;phone-context=+44', LONDON, ''],
    ['<tel:+442079460000|+44 20 7946 0000>', LONDON, ''],
    ['<tel:+442079460000>', LONDON, ''],
    ['<tel:+442079460000|+44 20 7946 0000> about the invoice', LONDON, 'about the invoice'],
    ['<tel:02079460000|020 7946 0000> 2nd reminder', LONDON, '2nd reminder'],
    ['<tel:+442079460000|+44 20 7946 0000> 2 reminders', LONDON, '2 reminders'],
    ['+44 20 7946 0000 about the invoice', LONDON, 'about the invoice'],
    ['020 7946 0000 about the invoice of 2025', LONDON, 'about the invoice of 2025'],
    ['020 7946 0000, about it', LONDON, 'about it'],
    ['020 7946 0000: 3 things', LONDON, '3 things'],
    ['020 7946 0000 - 3 things', LONDON, '3 things'],
    ['020 7946 0000 — 3 things', LONDON, '3 things'],
    ['+44 20 7946 0000 2nd reminder', LONDON, '2nd reminder'],
    ['+44 20 7946 0000 2 reminders', LONDON, '2 reminders'],
    ['+44 20 7946 0000 2026 budget', LONDON, '2026 budget'],
    ['+44 20 7946 0000 112', LONDON, '112'],
    ['+44 20 7946 0000 24/7 support', LONDON, '24/7 support'],
    ['020 7946 0000 020 7946 0001', LONDON, '020 7946 0001'],
    ['+44 20 7946 0000 +44 20 7946 0001', LONDON, '+44 20 7946 0001'],
    ['+44 20 7946 0000 👩‍👩‍👧 plans', LONDON, '👩‍👩‍👧 plans'],
    ['+44 20 7946 0000 two\nlines', LONDON, 'two\nlines'],
    ['+44 7400 123456', '+447400123456', ''],
    ['07400 123456', '+447400123456', ''],
    ['0800 1111', '+448001111', ''],
    ['0300 123 1032', '+443001231032', ''],
    ['+44 5600 123456', '+445600123456', ''],
    ['+1 212 555 0123', NEW_YORK, ''],
    ['001 212 555 0123', NEW_YORK, ''],
    ['(212) 555-0123', NEW_YORK, '', 'US'],
    ['212.555.0123 about it', NEW_YORK, 'about it', 'US'],
    ['1-212-555-0123', NEW_YORK, '', 'US'],
    ['011 44 20 7946 0000', LONDON, '', 'US'],
    ['+1 800 555 0199', '+18005550199', ''],
    ['+49 30 1234567', BERLIN, ''],
    ['030 1234567', BERLIN, '', 'DE'],
    ['030/123 45 67 wegen der Rechnung', BERLIN, 'wegen der Rechnung', 'DE'],
    ['+49 30 123456, 7 Fragen', '+4930123456', '7 Fragen'],
    ['+49 1512 3456789', '+4915123456789', ''],
    ['+39 06 1234 5678', ROME, ''],
    ['06 12345678', ROME, '', 'IT'],
  ])('%s', (text, number, rest, defaultCountry = 'GB') => {
    expect(parseDialableNumber(text, { ...PLAN, defaultCountry })).toMatchObject({
      dialable: { number },
      rest,
    });
  });

  it('are shown as one writes them, with their country', () => {
    expect(parseDialableNumber('020 7946 0000', PLAN)).toEqual({
      dialable: { number: LONDON, extension: null, formatted: '+44 20 7946 0000', country: 'United Kingdom' },
      rest: '',
    });
  });

  it('are understood in no time, however much is typed', () => {
    const startedMs = performance.now();
    parseDialableNumber('1 '.repeat(20_000), PLAN);
    parseDialableNumber('1'.repeat(40_000), PLAN);
    parseDialableNumber(`${'1-'.repeat(40_000)}A~`, PLAN);
    parseDialableNumber(`${'2671x1'.repeat(20_000)}~`, PLAN);
    parseDialableNumber(`<tel:${'('.repeat(40_000)}`, PLAN);
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });
});

describe('how numbers are shown', () => {
  it('whole to those who may see them', () => {
    expect(formatNumber('+442079460000' as PhoneNumber)).toBe('+44 20 7946 0000');
    expect(formatNumber('+12125550123' as PhoneNumber)).toBe('+1 212 555 0123');
    expect(formatNumber('+9' as PhoneNumber)).toBe('+9');
  });

  it('by their last digits to everyone, and hidden ones as such', () => {
    expect(maskNumber('+442079460000')).toBe('+44 •••• 0000');
    for (const hidden of ['anonymous', '', '+266696687', '+7378742833', '+86282452253', 'sip:a@b', '+1']) {
      expect(maskNumber(hidden)).toBe('a hidden number');
    }
  });

  it('with countries by their English names, with an article in a sentence', () => {
    expect(countryName('GB')).toBe('United Kingdom');
    expect(['GB', 'US', 'NL', 'PH', 'AE', 'BS', 'FR', 'CZ'].map(countryInText)).toEqual([
      'the United Kingdom',
      'the United States',
      'the Netherlands',
      'the Philippines',
      'the United Arab Emirates',
      'the Bahamas',
      'France',
      'Czechia',
    ]);
    expect([isCountry('GB'), isCountry('UK'), isCountry('gb'), isCountry('')]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});
