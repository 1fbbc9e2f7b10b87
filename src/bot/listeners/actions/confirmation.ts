import type { RespondFn } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { ChannelId, MemberId } from '../../../core/ids.ts';
import { buildCallAgainView, type CallOrder, parseCallViewMetadata } from '../../blocks/call-plan.ts';
import { buildCalling, buildCallingView, type Calling } from '../../blocks/calling.ts';
import { buildNotice } from '../../blocks/notice.ts';
import type { Built } from '../../blocks/rich.ts';
import { escapeMrkdwn } from '../../blocks/text.ts';
import { IncomingEphemeralClick, IncomingModalClick } from '../../incoming.ts';
import { START_CALL } from '../../sentences/calls.ts';
import { updateView } from '../../views.ts';
import type { ListenerDeps } from '../deps.ts';

/**
 * The confirmation of a call, one of whose buttons was pressed, and what replaces it. Each is best effort: the call is
 * placed by then, and its card is in the channel.
 */
interface Confirmation {
  /** Of the call's card. */
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

const NOT_REPLACED = 'confirmation not replaced';

type Deps = Pick<ListenerDeps, 'api' | 'replies' | 'log'>;

/** After `/call` it is an ephemeral message; after "Start a call", a dialog. */
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
  /** Slack takes responses to a click for half an hour; after that the caller gets a new message. */
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
  /** Where the dialog was closed meanwhile, the caller gets an ephemeral message in the channel. */
  const replace = (view: ModalView, instead: string | Built): Promise<void> =>
    updateView(api, id, view).catch(async (error: unknown) => {
      log.warn({ err: error }, NOT_REPLACED);
      await replies.send({ channelId, rootId: null, memberId }, instead);
    });
  return {
    channelId,
    calling: (order, calling) => replace(buildCallingView(order, calling), buildCalling(order, calling)),
    refused: (sentence) => replace(buildNotice(START_CALL.title, sentence), sentence),
    failed: (order, from, sentence) =>
      replace(buildCallAgainView(order, from, channelId, sentence), sentence),
  };
};
