import { z } from 'zod';
import { ControlError } from '../../common/control/errors.ts';
import { dispatchError } from '../events/link.ts';
import type { Json } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { findElement, modalOf } from './actions.ts';
import { interactionBase, personFor } from './lookup.ts';

const suggestions = z.object({
  options: z.array(z.looseObject({})).max(100).optional(),
  option_groups: z.array(z.looseObject({})).max(100).optional(),
});

/** The options of an external select for the text typed so far. */
export const suggestOptions = async (
  workspace: Workspace,
  request: { as: string; query: string; view: string; block: string; action: string },
): Promise<Json[]> => {
  const user = personFor(workspace, request.as);
  const modal = modalOf(workspace, user, request.view);
  const { block, element } = findElement(modal.view.blocks as Json[], {
    action_id: request.action,
    block_id: request.block,
  });
  const ack = await workspace.link
    .ask('interactive', {
      type: 'block_suggestion',
      ...interactionBase(workspace, user),
      container: { type: 'view', view_id: modal.view.id },
      view: modal.view,
      action_id: element.action_id,
      block_id: block.block_id,
      value: request.query,
    })
    .catch((error: unknown) => {
      throw new ControlError(504, `The app did not respond: ${dispatchError(error)}.`);
    });
  const parsed = suggestions.safeParse(ack);
  if (!parsed.success) throw new ControlError(502, 'The app returned no options.');
  return parsed.data.options ?? parsed.data.option_groups ?? [];
};
