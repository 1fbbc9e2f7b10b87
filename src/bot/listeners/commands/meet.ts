import { buildHelp } from '../../blocks/help.ts';
import { TITLE_MAX } from '../../blocks/start-meeting.ts';
import { plain } from '../../blocks/text.ts';
import { readable } from '../../call-command.ts';
import { startMeeting } from '../start-meeting.ts';
import type { RunCommand } from './typed.ts';

/** `/parley meet Topic`: starts a meeting in the channel in which it was typed. */
export const runMeet: RunCommand = async (deps, { text, workspaceId, by, triggerId, recipient }) => {
  if (/^\s*help\s*$/i.test(text)) {
    await deps.replies.send(recipient, buildHelp(deps.commands));
    return null;
  }
  const title = plain(readable(text), TITLE_MAX);
  const { channelId } = recipient;
  return startMeeting(deps, { workspaceId, channelId, by, title, origin: `command:${triggerId}` });
};
