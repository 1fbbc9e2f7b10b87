import { expect, it } from 'vitest';
import { parsePageLink } from '../../../src/pages/shared/page-link.ts';

it.each([
  ['https://parley.example/meet/abc', 'wss://parley.example/meet/abc/socket'],
  ['https://parley.example/meet/abc/?x#y', 'wss://parley.example/meet/abc/socket'],
  ['http://localhost:3000/meet/a.b.c', 'ws://localhost:3000/meet/a.b.c/socket'],
])('derives the addresses that belong to %s', (href, socketUrl) => {
  expect(parsePageLink(href)).toEqual({
    socketUrl,
    infoUrl: socketUrl.replace('ws', 'http').replace('socket', 'info'),
    connectionUrl: socketUrl.replace('ws', 'http').replace('socket', 'connection'),
  });
});
