import { expect, it } from 'vitest';
import { dayLabel, formatDate } from '../../../../sandbox/page/text/date.ts';

const context = { nowMs: Date.UTC(2026, 10, 22, 12), timeZone: 'Europe/London' };

it('formats Slack’s date tokens in a time zone', () => {
  const seconds = Date.UTC(2026, 10, 22, 8, 5, 9) / 1000;
  expect(formatDate(seconds, '{date_num} {time} {time_secs}', context)).toBe('2026-11-22 08:05 08:05:09');
  expect(formatDate(seconds, '{date_short_pretty} {date_short} {what}', context)).toBe(
    'today 22 Nov 2026 {what}',
  );
  expect(formatDate(seconds - 86_400, '{date_pretty}', context)).toBe('yesterday');
});

it('names days', () => {
  expect(dayLabel(context.nowMs, context)).toBe('Today');
  expect(dayLabel(Date.UTC(2026, 10, 19), context)).toBe('Thursday 19 November');
});
