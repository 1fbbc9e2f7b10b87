import { describe, expect, it } from 'vitest';
import { parseDialableNumber } from '../../../src/core/calls/dialable-number.ts';
import type { PhoneNumber } from '../../../src/core/ids.ts';

const planOf = (defaultCountry: string) => ({
  defaultCountry,
  countries: ['US', 'GB', 'MX', 'AR', 'BR'],
  callerId: '+442079460100' as PhoneNumber,
});
const parsed = (text: string, defaultCountry = 'US') => {
  const result = parseDialableNumber(text, planOf(defaultCountry));
  if ('refused' in result) return result.refused;
  const { number, formatted, extension } = result.dialable;
  return [number, formatted, extension, result.rest];
};

describe('an extension', () => {
  const NUMBER = '+14155552671';
  const SHOWN = '+1 415 555 2671 ext. 123';

  it.each([
    ['(415) 555-2671 x123', ''],
    ['(415) 555-2671x123', ''],
    ['415-555-2671 X 123', ''],
    ['+1 415 555 2671 ext. 123 about the contract', 'about the contract'],
    ['+1 415 555 2671 Ext 123: the contract', 'the contract'],
    ['+1 415 555 2671, extension 123, the contract', 'the contract'],
    ['+14155552671;ext=123', ''],
    ['+14155552671;ext=123 the contract', 'the contract'],
    ['tel:+1-415-555-2671;ext=123', ''],
    ['<tel:+14155552671;ext=123|(415) 555-2671 x123> the contract', 'the contract'],
    ['tel:+1-415-555-2671;phone-context=x;ext=123', ''],
  ])('is kept, shown and no title: %s', (text, title) => {
    expect(parsed(text)).toEqual([NUMBER, SHOWN, '123', title]);
  });

  it.each([
    ['+1 415 555 2671 extra work', 'extra work'],
    ['+1 415 555 2671 x-ray results', 'x-ray results'],
    ['+1 415 555 2671 x2b', 'x2b'],
    ['+1 415 555 2671 about ext. 9', 'about ext. 9'],
    ['+1 415 555 2671 external review 2', 'external review 2'],
    ['+1 415 555 2671 extension', 'extension'],
  ])('is none: %s', (text, title) => {
    expect(parsed(text)).toEqual([NUMBER, '+1 415 555 2671', null, title]);
  });
});

describe('a Mexican number as phones and messengers stored it', () => {
  it.each([
    ['+52 1 55 1234 5678', 'US'],
    ['+5215512345678', 'GB'],
    ['044 55 1234 5678', 'MX'],
    ['045 55 1234 5678', 'MX'],
    ['+52 044 55 1234 5678', 'US'],
    ['521 55 1234 5678', 'MX'],
    ['55 1234 5678', 'MX'],
  ])('is dialled as today, and shown so: %s', (text, country) => {
    expect(parsed(`${text} the invoice`, country)).toEqual([
      '+525512345678',
      '+52 55 1234 5678',
      null,
      'the invoice',
    ]);
  });

  it('is not made of numbers of other countries', () => {
    expect(parsed('044 55 1234 5678', 'US')).toMatch(/valid|long|short/);
    expect(parsed('+44 20 7946 0000')).toEqual(['+442079460000', '+44 20 7946 0000', null, '']);
  });
});

describe('a number with letters', () => {
  it.each([
    ['1-800-FLOWERS', '+18003569377', ''],
    ['1-800-flowers', '+18003569377', ''],
    ['1-800-FLOWERS about the roses', '+18003569377', 'about the roses'],
    ['+1 800 FLOWERS', '+18003569377', ''],
    ['(800) FLOWERS', '+18003569377', ''],
    ['1 800 GOT JUNK', '+18004685865', ''],
    ['1-800-GOT-JUNK, tomorrow', '+18004685865', 'tomorrow'],
    ['1.800.CONTACTS', '+18002668228', ''],
    ['1-800-FLOWERS x12', '+18003569377', ''],
  ])('is dialled by its keys: %s', (text, number, title) => {
    expect(parsed(text)).toEqual([number, expect.any(String), text.includes('x12') ? '12' : null, title]);
  });

  it.each(['call FLOWERS', '2 B OR NOT', '12-AB', 'x123', '1-800-'])('is none: %s', (text) => {
    expect(parsed(text)).toMatch(/\.$/);
  });

  it('leaves titles in capitals alone', () => {
    expect(parsed('+1 415 555 2671 ASAP')).toEqual(['+14155552671', '+1 415 555 2671', null, 'ASAP']);
  });
});
