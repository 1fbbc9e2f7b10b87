import { expect, test } from 'vitest';
import { AppError } from '../../src/core/error.ts';
import { isConflict, toStorageError } from '../../src/storage/errors.ts';

const fromServer = (code: string): Error => Object.assign(new Error('x'), { code, severity: 'ERROR' });

test.each([
  ['a lost connection', true, fromServer('08006')],
  ['a deadlock', true, fromServer('40P01')],
  ['too many connections', true, fromServer('53300')],
  ['a server that shuts down', true, fromServer('57P01')],
  ['a server that takes no writes', true, fromServer('25006')],
  ['a transaction that the server ended', true, fromServer('25P03')],
  ['a password that was exchanged', true, fromServer('28P01')],
  ['a disk that is full', true, fromServer('53100')],
  ['a fault of the machine', true, fromServer('58030')],
  ['a taken key', false, fromServer('23505')],
  ['a missing table', false, fromServer('42P01')],
  ['a deadlock that pg-boss wrapped', true, new Error('y', { cause: fromServer('40P01') })],
  ['no server there', true, Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
  ['a connection cut in the middle', true, new Error('Connection terminated unexpectedly')],
  ['a mistake of ours', false, new TypeError('undefined is not a function')],
])('%s: retryable %s', (_name, retryable, error) => {
  expect(toStorageError(error)).toMatchObject({
    name: 'AppError',
    code: 'unexpected',
    retryable,
    cause: error,
  });
});

test('an AppError stays what it is', () => {
  const error = new AppError({ code: 'no-speech', retryable: false, userMessage: 'Nobody spoke.' });
  expect(toStorageError(error)).toBe(error);
});

test('only what another transaction caused is a conflict, however wrapped', () => {
  expect(isConflict(toStorageError(fromServer('40001')))).toBe(true);
  expect(isConflict(fromServer('40P01'))).toBe(true);
  expect(isConflict(fromServer('23505'))).toBe(false);
});
