import type { PhoneBehaviour } from './control/contract.ts';

/** From the range that the UK's regulator reserves for drama, so that no one is called by mistake. */
export const PARLEY_NUMBER = '+442079460100';

export interface SeededPhone {
  readonly number: string;
  readonly owner: string;
  readonly behaviour: PhoneBehaviour;
}

/**
 * The phones of a new workspace: one per person of the simulated Slack, and together every way in which a call can go.
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
