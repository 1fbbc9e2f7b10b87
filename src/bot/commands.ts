/** What people can type after the app's command, or as a command of its own where the workspace has that name free. */
export type ShortCommand = 'call' | 'meet' | 'transcribe';

/** The slash commands that the app has in Slack. */
export interface Commands {
  /** Does everything: `/parley`. */
  readonly main: string;
  /** Those that exist besides, without their slash. */
  readonly short: readonly ShortCommand[];
}

/** How a person types what Parley does: `/meet`, or `/parley meet`. */
export interface CommandNames extends Readonly<Record<ShortCommand, string>> {
  readonly main: string;
}

export const commandNames = ({ main, short }: Commands): CommandNames => {
  const nameOf = (command: ShortCommand): string =>
    short.includes(command) ? `/${command}` : `${main} ${command}`;
  return { main, call: nameOf('call'), meet: nameOf('meet'), transcribe: nameOf('transcribe') };
};

/** For someone who typed the main command: everything by that one. */
export const longNames = (main: string): CommandNames => commandNames({ main, short: [] });
