import { buildHelp } from '../../blocks/help.ts';
import { clean } from '../../blocks/text.ts';
import { type CommandNames, longNames, type ShortCommand } from '../../commands.ts';
import { IncomingCommand, IncomingContext } from '../../incoming.ts';
import { HELP } from '../../sentences/home.ts';
import type { ListenerDeps, Registry } from '../deps.ts';
import { runCall, runSettings } from './call.ts';
import { runMeet } from './meet.ts';
import { runTranscribe } from './transcribe.ts';
import type { RunCommand } from './typed.ts';

const SHORT: Readonly<Record<ShortCommand, RunCommand>> = {
  call: runCall,
  meet: runMeet,
  transcribe: runTranscribe,
};

/**
 * `/parley call …` and the rest, and the short commands. All of those are heard, also where the settings name none, for
 * a workspace whose admin added one in Slack alone.
 */
export const register = (app: Registry, deps: ListenerDeps): void => {
  const { main } = deps.commands;
  const listen = (command: string, run: RunCommand): void =>
    app.command(command, async ({ ack, command: body, context, respond }) => {
      await ack();
      const given = IncomingCommand.parse(body);
      const recipient = { channelId: given.channel_id, rootId: null, memberId: given.user_id, respond };
      await deps.replies.sendOutcome(recipient, () =>
        run(deps, {
          command: given.command,
          text: given.text,
          workspaceId: IncomingContext.parse(context).teamId,
          by: given.user_id,
          triggerId: given.trigger_id,
          recipient,
        }),
      );
    });
  listen(main, runMain);
  for (const [name, run] of Object.entries(SHORT)) listen(`/${name}`, run);
};

/** Who types the main command is answered with it, whatever short commands there are. */
const runMain: RunCommand = async (deps, typed) => {
  const [, word = '', text = ''] = /^\s*(\S*)\s*([\s\S]*)$/.exec(typed.text) ?? [];
  const commands: CommandNames = longNames(typed.command);
  const run = SUBCOMMANDS[word.toLowerCase()];
  if (run !== undefined) {
    return run({ ...deps, commands }, { ...typed, command: `${typed.command} ${word.toLowerCase()}`, text });
  }
  const isHelp = word === '' || /^help$/i.test(word);
  const opening = isHelp ? {} : { opening: HELP.unknown(clean(`${typed.command} ${word}`, 60)) };
  await deps.replies.send(typed.recipient, buildHelp(commands, opening));
  return null;
};

const SUBCOMMANDS: Readonly<Record<string, RunCommand>> = Object.assign(Object.create(null), SHORT, {
  settings: runSettings,
});
