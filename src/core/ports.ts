/** The ports of core and the flows. Methods throw `AppError` and nothing else. */
export type * from './ports/charts.ts';
export type * from './ports/chat.ts';
export type * from './ports/clock.ts';
export type * from './ports/meetings.ts';
export type * from './ports/phone.ts';
export type * from './ports/queue.ts';
export type * from './ports/requests.ts';
export type * from './ports/speech.ts';
export type * from './ports/store.ts';
