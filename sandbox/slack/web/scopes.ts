import type { Workspace } from '../workspace.ts';

/** The scopes of the bot's token, failure modes included. */
export const scopesOf = (workspace: Workspace): readonly string[] => {
  const { scopes } = workspace.app();
  return workspace.failures.isOn('missing-files-scope')
    ? scopes.filter((scope) => scope !== 'files:read')
    : scopes;
};

export const hasScope = (workspace: Workspace, scope: string): boolean => scopesOf(workspace).includes(scope);
