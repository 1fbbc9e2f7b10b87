/** What live speech did since this process began, for whoever runs Parley. Only ever grows. */
export interface Tally {
  /** Audio sent to the engine; what was sent again after a break counts again, as the engine counts it. */
  sentMs: number;
  /** Audio given up because the engine stayed away for longer than is kept. */
  lostMs: number;
  /** Connections that broke or were not admitted, after each of which there is another attempt. */
  reconnects: number;
  /** Final captions. */
  finals: number;
}

/** The tally, and how things are now. */
export interface LiveFigures extends Readonly<Tally> {
  /** Open streams: those whose captions come in time, and those whose captions come late. */
  readonly live: number;
  readonly delayed: number;
}

export const newTally = (): Tally => ({ sentMs: 0, lostMs: 0, reconnects: 0, finals: 0 });
