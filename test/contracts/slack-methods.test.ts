import { expect, test } from 'vitest';
import { METHODS } from '../../src/bot/api/methods.ts';
import { SLACK_METHODS } from './slack-reference.ts';

const ours = Object.entries(METHODS);

test.each(ours)('%s is in the reference, and needs no scope but those named there', (name, { scopes }) => {
  const documented = SLACK_METHODS.get(name)!.scope;
  for (const scope of scopes) expect(documented).toContain(scope);
  // One scope is enough where several are documented: each is for another kind of channel.
  if (documented.length > 0) expect(scopes).not.toEqual([]);
});
