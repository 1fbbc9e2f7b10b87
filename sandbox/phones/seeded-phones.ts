import type { PhoneBehaviour } from './control/contract.ts';

/** Of numbers that the United Kingdom's regulator keeps for drama, so that nobody is ever rung by mistake. */
export const PARLEY_NUMBER = '+442079460100';

export interface SeededPhone {
  readonly number: string;
  readonly owner: string;
  readonly behaviour: PhoneBehaviour;
}

/**
 * The telephones of a new workspace: each person of the stand-in Slack has one, and between all of them every way a
 * call can go may be lived through.
 */
export const SEEDED_PHONES: readonly SeededPhone[] = [
  { number: '+442079460101', owner: 'Ana Brandão', behaviour: { type: 'ring' } },
  {
    number: '+442079460102',
    owner: 'Ben Whitfield',
    behaviour: { type: 'answer', afterMs: 2000, turns: ['ben-1', 'ben-2', 'ben-3'], hangsUp: false },
  },
  { number: '+442079460103', owner: '田中 由紀', behaviour: { type: 'voicemail', afterMs: 3000 } },
  {
    number: '+442079460104',
    owner: 'The repair shop',
    behaviour: {
      type: 'answer',
      afterMs: 2000,
      turns: [1, 2, 3, 4, 5].map((turn) => `repair-shop-${turn}`),
      hangsUp: true,
    },
  },
  { number: '+442079460105', owner: 'The printer', behaviour: { type: 'busy' } },
  { number: '+442079460106', owner: 'The lantern workshop', behaviour: { type: 'no-answer' } },
];
