import { expect, it } from 'vitest';
import { parsePermalink } from '../../../../sandbox/page/text/permalink.ts';

const origin = 'http://127.0.0.1:3100';
const cases: [string, string, ReturnType<typeof parsePermalink>][] = [
  ['a root', `${origin}/archives/C1/p1795335957376000`, { channel: 'C1', ts: '1795335957.376000' }],
  ['a reply', `${origin}/archives/C1/p2000000?thread_ts=1.000000&cid=C1`, { channel: 'C1', ts: '1.000000' }],
  ['another path', `${origin}/control/files/F1/a`, null],
  ['another workspace', 'https://acme.slack.com/archives/C1/p1795335957376000', null],
  ['an invalid URL', 'http://', null],
];
it.each(cases)('parses a link to %s', (_name, href, expected) => {
  expect(parsePermalink(href, origin)).toEqual(expected);
});
