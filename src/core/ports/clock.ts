/** The time of day. */
export interface WallClock {
  /** Milliseconds since 1970. */
  nowMs(): number;
}

/**
 * Time as flows and adapters know it: nothing else there reads a clock or sets a timer, so that tests run leases, graces
 * and retries in virtual time.
 */
export interface Clock extends WallClock {
  /** Milliseconds since any moment; never goes backwards. */
  monotonicMs(): number;
  /** Rejects with the signal's reason once it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `work` once. Does not keep the process alive. */
  after(ms: number, work: () => void): CancelTimer;
  /** Calls `work` every `ms`, first after `ms`. Does not keep the process alive. */
  every(ms: number, work: () => void): CancelTimer;
  /** Aborted after `ms`, with a `TimeoutError`, as `AbortSignal.timeout` does. */
  timeoutSignal(ms: number): AbortSignal;
}

/** Idempotent. */
export type CancelTimer = () => void;

/** Structured: a constant message and fields. Never a transcript, name, number, token or signed link. */
export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}
export type LogFields = Readonly<Record<string, unknown>>;
