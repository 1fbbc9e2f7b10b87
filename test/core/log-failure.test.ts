import { expect, it } from 'vitest';
import { AppError, ERROR_CODES } from '../../src/core/error.ts';
import { logFailure } from '../../src/core/log-failure.ts';

const levelOf = (error: unknown): { level: string; fields: object } => {
  const seen: { level: string; fields: object }[] = [];
  const at = (level: string) => (fields: object) => void seen.push({ level, fields });
  logFailure(
    { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
    error,
    { jobId: 'j1' },
    'job failed',
  );
  return seen[0]!;
};
const final = (code: AppError['code']) => new AppError({ code, retryable: false, userMessage: 'No.' });

it('what people did is information, without a stack; what an administrator has to look at is an error', () => {
  const errors = ERROR_CODES.filter((code) => levelOf(final(code)).level === 'error');
  expect(errors).toEqual([
    'no-file-access',
    'edit-refused',
    'file-refused',
    'engine-busy',
    'engine-refused',
    'engine-failed',
    'chat-failed',
    'chart-failed',
    'media-failed',
    'call-refused',
    'call-failed',
    'unexpected',
  ]);
  expect(levelOf(final('no-speech'))).toEqual({ level: 'info', fields: { jobId: 'j1', code: 'no-speech' } });
  expect(levelOf(new Error('a bug')).level).toBe('error');
});

it('a download that broke off is not the person’s doing', () => {
  const cut = new AppError({ code: 'recording-unreadable', retryable: true, userMessage: 'It broke off.' });
  expect(levelOf(cut).level).toBe('error');
});
