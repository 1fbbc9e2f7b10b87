import type { SeededPhone } from '../seeded-phones.ts';
import { createHandset, type Handset } from './handset.ts';

export interface Handsets {
  /** Every number has a phone: an unknown one is created and rings. */
  at(number: string): Handset;
  all(): readonly Handset[];
}

export const createHandsets = (seeded: readonly SeededPhone[]): Handsets => {
  const handsets = new Map(seeded.map((phone) => [phone.number, createHandset(phone)]));
  return {
    at: (number) => {
      const known = handsets.get(number);
      if (known !== undefined) return known;
      const fresh = createHandset({ number, owner: null, behaviour: { type: 'ring' } });
      handsets.set(number, fresh);
      return fresh;
    },
    all: () => [...handsets.values()],
  };
};
