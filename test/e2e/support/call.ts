import type { StoredMessage } from '../../../sandbox/slack/control/contract.ts';
import { until } from '../../support/until.ts';
import { elementFor } from './click.ts';
import { shownText, type Workspace } from './workspace.ts';

/** Who calls whom, and from which device. */
export interface CallRequest {
  readonly channel: string;
  /** The caller. */
  readonly as: string;
  readonly to: string;
  /** Identifies the call: unique in its channel. */
  readonly topic: string;
  readonly from?: 'browser' | 'own phone';
}

/** Types `/parley call`, confirms, and waits for the card. Typed again while Parley still obtains its media worker. */
export const call = async (workspace: Workspace, request: CallRequest): Promise<StoredMessage> => {
  await confirm(workspace, request, await planFor(workspace, request));
  return until(() => cardAbout(workspace, request), {
    timeoutMs: 120_000,
    what: `the card of ${request.topic}`,
  });
};

/** The ephemeral confirmation that `/parley call` shows to the caller. */
export const planFor = (
  workspace: Workspace,
  { channel, as, to, topic }: CallRequest,
): Promise<StoredMessage> =>
  until(
    async () => {
      const known = new Set((await workspace.messages(channel)).map(({ ts }) => ts));
      await workspace.command({ channel, as, text: `/parley call ${to} about ${topic}` });
      return until(
        async () =>
          (await workspace.messages(channel)).find(
            (message) =>
              message.ephemeral_to === as && !known.has(message.ts) && shownText(message).includes(topic),
          ),
        { timeoutMs: 5_000, what: 'the confirmation' },
      );
    },
    { timeoutMs: 120_000, what: `what “/call ${to}” shows` },
  );

/** Clicks the button of a confirmation. */
export const confirm = (
  workspace: Workspace,
  { channel, as, from = 'browser' }: Pick<CallRequest, 'channel' | 'as' | 'from'>,
  plan: StoredMessage,
): Promise<unknown> =>
  workspace.click({
    as,
    message: { channel, ts: plan.ts },
    ...elementFor(plan, from === 'browser' ? 'place_call' : 'place_call_from_own_phone'),
  });

const cardAbout = async (
  workspace: Workspace,
  { channel, topic }: Pick<CallRequest, 'channel' | 'topic'>,
): Promise<StoredMessage | undefined> =>
  (await workspace.messages(channel)).find(
    (message) =>
      (message.thread_ts === undefined || message.thread_ts === message.ts) &&
      message.ephemeral_to === undefined &&
      message.text.startsWith(`${topic}:`),
  );

/** The card once it contains `part`. */
export const cardSaying = (
  workspace: Workspace,
  card: StoredMessage,
  part: string | RegExp,
  timeoutMs = 120_000,
): Promise<StoredMessage> =>
  until(
    async () => {
      const now = (await workspace.messages(card.channel)).find(({ ts }) => ts === card.ts);
      const text = now === undefined ? '' : shownText(now);
      if (now !== undefined && (typeof part === 'string' ? text.includes(part) : part.test(text))) return now;
      throw new Error(`the card reads: ${text}`);
    },
    { timeoutMs, what: `a card with ${part}` },
  );

/** Clicks Hang up on the card. */
export const hangUp = (workspace: Workspace, card: StoredMessage, as: string): Promise<unknown> =>
  until(
    async () => {
      const now = (await workspace.messages(card.channel)).find(({ ts }) => ts === card.ts)!;
      await workspace.click({
        as,
        message: { channel: card.channel, ts: card.ts },
        ...elementFor(now, 'hang_up'),
      });
      return true;
    },
    { what: 'the Hang up button' },
  );

/** The replies in the card’s thread that everyone sees. */
export const repliesIn = async (workspace: Workspace, card: StoredMessage): Promise<StoredMessage[]> =>
  (await workspace.thread(card.channel, card.ts)).filter(
    ({ ts, ephemeral_to }) => ts !== card.ts && ephemeral_to === undefined,
  );
