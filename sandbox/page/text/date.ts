export interface DateContext {
  readonly nowMs: number;
  /** IANA name; the visitor's own when left out. */
  readonly timeZone?: string;
}

const LOCALE = 'en-GB';

/**
 * Slack's date tokens: `{date_short} at {time}`, with today, yesterday and tomorrow where a token allows them. Unknown
 * tokens stay as they are.
 * @see https://docs.slack.dev/messaging/formatting-message-text#date-formatting
 */
export function formatDate(seconds: number, format: string, context: DateContext): string {
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(LOCALE, { ...zone(context), ...options }).format(seconds * 1000);
  const pretty = (text: string) => relativeDay(seconds * 1000, context) ?? text;
  const numeric = () => new Intl.DateTimeFormat('sv-SE', zone(context)).format(seconds * 1000);
  const short = () => part({ day: 'numeric', month: 'short', year: 'numeric' });
  const long = () => part({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  const plain = () => part({ day: 'numeric', month: 'long', year: 'numeric' });
  const tokens: Record<string, () => string> = {
    date_num: numeric,
    date: plain,
    date_short: short,
    date_long: long,
    date_pretty: () => pretty(plain()),
    date_short_pretty: () => pretty(short()),
    date_long_pretty: () => pretty(long()),
    time: () => part({ hour: '2-digit', minute: '2-digit' }),
    time_secs: () => part({ hour: '2-digit', minute: '2-digit', second: '2-digit' }),
  };
  return format.replace(/\{([a-z_]+)\}/g, (whole, name: string) => tokens[name]?.() ?? whole);
}

/** "Today", "Yesterday" or "Thursday 19 November", between the messages of two days. */
export function dayLabel(ms: number, context: DateContext): string {
  const day = relativeDay(ms, context);
  if (day) return day.charAt(0).toUpperCase() + day.slice(1);
  return new Intl.DateTimeFormat(LOCALE, {
    ...zone(context),
    weekday: 'long',
    day: 'numeric',
    month: 'long',
  }).format(ms);
}

/** "14:05". */
export function clockLabel(ms: number, context: Pick<DateContext, 'timeZone'> = {}): string {
  return new Intl.DateTimeFormat(LOCALE, { ...zone(context), hour: '2-digit', minute: '2-digit' }).format(ms);
}

/** Milliseconds of a `ts`, which is seconds with a fraction, as text. */
export const tsToMs = (ts: string) => Number(ts) * 1000;

/** The day in the visitor's time zone, `2026-11-29`. */
export function dayOf(ms: number, context: Pick<DateContext, 'timeZone'> = {}): string {
  return new Intl.DateTimeFormat('sv-SE', zone(context)).format(ms);
}

const DAY_MS = 24 * 60 * 60 * 1000;

function relativeDay(ms: number, context: DateContext): string | null {
  const day = dayOf(ms, context);
  if (day === dayOf(context.nowMs, context)) return 'today';
  if (day === dayOf(context.nowMs - DAY_MS, context)) return 'yesterday';
  if (day === dayOf(context.nowMs + DAY_MS, context)) return 'tomorrow';
  return null;
}

const zone = ({ timeZone }: Pick<DateContext, 'timeZone'>) => (timeZone ? { timeZone } : {});
