export interface Options {
  readonly channel: string;
  readonly as?: string | undefined;
  readonly text?: string | undefined;
  readonly thread?: string | undefined;
  readonly ts?: string | undefined;
  readonly value?: string | undefined;
  readonly payload?: string | undefined;
  readonly block?: string | undefined;
  readonly view?: string | undefined;
  readonly home: boolean;
  readonly cancel: boolean;
  readonly wait: boolean;
  readonly turns?: string | undefined;
  readonly after?: string | undefined;
  readonly keys?: string | undefined;
  readonly 'hangs-up': boolean;
  readonly to?: string | undefined;
  readonly timeoutMs: number;
}
