export interface Clock {
  nowMs(): number;
}

/** Structured: a constant message and fields. Never a transcript, name, number, token or signed link. */
export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}
export type LogFields = Readonly<Record<string, unknown>>;
