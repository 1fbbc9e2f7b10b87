import type { RespondFn } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { ChannelId, MemberId } from '../../../core/ids.ts';
import {
  buildCallAgainView,
  buildCalling,
  buildCallingView,
  CALL_TITLE,
  type Calling,
  type CallOrder,
  parseCallViewMetadata,
} from '../../blocks/call-plan.ts';
import { buildNotice } from '../../blocks/notice.ts';
import type { Built } from '../../blocks/rich.ts';
import { escapeMrkdwn } from '../../blocks/text.ts';
import { IncomingEphemeralClick, IncomingModalClick } from '../../incoming.ts';
import { updateView } from '../../views.ts';
import type { ListenerDeps } from '../deps.ts';

/**
 * The confirmation of a call whose button was pressed, and what comes in its place. Each is best effort: what matters is
 * done by then, and the call's card is in the channel.
 */
interface Confirmation {
  /** Where the call's card shall be. */
  readonly channelId: ChannelId;
  calling(order: CallOrder, calling: Calling): Promise<void>;
  refused(sentence: string): Promise<void>;
  /** A fault, after which the same button can be pressed again. */
  failed(order: CallOrder, from: Calling['from'], sentence: string): Promise<void>;
}

export interface ConfirmationClick {
  readonly body: unknown;
  readonly respond: RespondFn;
}

const NOT_REPLACED = 'a confirmation could not be replaced';

type Deps = Pick<ListenerDeps, 'api' | 'replies' | 'log'>;

/** After `/call` it is a message that only the caller sees; after "Call a telephone", a dialogue. */
export const confirmationOf = (deps: Deps, click: ConfirmationClick, by: MemberId): Confirmation => {
  const inDialog = IncomingModalClick.safeParse(click.body);
  return inDialog.success
    ? dialogConfirmation(deps, inDialog.data.view, by)
    : ephemeralConfirmation(deps, IncomingEphemeralClick.parse(click.body).channel.id, click.respond, by);
};

const ephemeralConfirmation = (
  { replies, log }: Deps,
  channelId: ChannelId,
  respond: RespondFn,
  memberId: MemberId,
): Confirmation => {
  const recipient = { channelId, rootId: null, memberId };
  /** Slack takes answers to a click for half an hour; whoever waited longer for theirs is told anew. */
  const replace = ({ text, blocks }: Built, instead: string | Built): Promise<void> =>
    respond({ response_type: 'ephemeral', replace_original: true, text, blocks: [...blocks] }).then(
      () => undefined,
      async (error: unknown) => {
        log.warn({ err: error }, NOT_REPLACED);
        await replies.send(recipient, instead);
      },
    );
  return {
    channelId,
    calling(order, calling) {
      const built = buildCalling(order, calling);
      return replace(built, built);
    },
    refused: (sentence) => replace({ text: escapeMrkdwn(sentence), blocks: [] }, sentence),
    failed: (_order, _from, sentence) => replies.send({ ...recipient, respond }, sentence),
  };
};

const dialogConfirmation = (
  { api, replies, log }: Deps,
  { id, private_metadata }: { readonly id: string; readonly private_metadata: string },
  memberId: MemberId,
): Confirmation => {
  const { channelId } = parseCallViewMetadata(private_metadata);
  /** Whoever closed the dialogue meanwhile is told in the channel. */
  const replace = (view: ModalView, instead: string | Built): Promise<void> =>
    updateView(api, id, view).catch(async (error: unknown) => {
      log.warn({ err: error }, NOT_REPLACED);
      await replies.send({ channelId, rootId: null, memberId }, instead);
    });
  return {
    channelId,
    calling: (order, calling) => replace(buildCallingView(order, calling), buildCalling(order, calling)),
    refused: (sentence) => replace(buildNotice(CALL_TITLE, sentence), sentence),
    failed: (order, from, sentence) =>
      replace(buildCallAgainView(order, from, channelId, sentence), sentence),
  };
};
