import type { WorkspaceState } from '../../slack/control/contract.ts';

/** How this is typed here: as a command of its own, or as a word after the app's first one. Null where it has none. */
export const typedCommand = (commands: WorkspaceState['commands'], name: 'call' | 'meet'): string | null => {
  if (commands.some(({ command }) => command === `/${name}`)) return `/${name}`;
  const [main] = commands;
  return main === undefined ? null : `${main.command} ${name}`;
};
