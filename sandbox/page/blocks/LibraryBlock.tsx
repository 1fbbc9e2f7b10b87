import { type Block as LibraryBlockType, Message } from 'slack-blocks-to-jsx';
import { formatDate } from '../text/date.ts';
import { Emoji } from '../text/Emoji.tsx';
import { ChannelMention, Link, Mention } from '../text/Mrkdwn.tsx';
import { useWorkspace } from '../workspace/workspace-context.ts';
import type { Block } from './types.ts';

/**
 * Blocks without interaction (rich text, markdown, native charts, cards, alerts, …) are drawn by slack-blocks-to-jsx,
 * without its stylesheet: styles/library.css replaces it. Blocks with actions, files or escaped text are drawn by the
 * page itself; docs/decisions/0061 says why.
 */
export function LibraryBlock({ block }: { block: Block }) {
  const { state } = useWorkspace();
  const people = state.workspace?.people ?? [];
  const channels = state.workspace?.channels ?? [];
  return (
    <div class={`library library-${block.type}`}>
      <Message
        // The page's type is wider than the library's; BlockErrorBoundary handles what it cannot draw.
        blocks={[block as unknown as LibraryBlockType]}
        name=""
        logo=""
        withoutWrapper
        unstyled
        hooks={HOOKS}
        data={{
          users: people.map(({ id, name }) => ({ id, name })),
          channels: channels.map(({ id, name }) => ({ id, name })),
          user_groups: [],
        }}
      />
    </div>
  );
}

const HOOKS: NonNullable<Parameters<typeof Message>[0]['hooks']> = {
  user: ({ id, name }) => <Mention id={id} label={name} />,
  channel: ({ id, name }) => <ChannelMention id={id} label={name} />,
  emoji: ({ name }) => <Emoji name={name} />,
  link: ({ href, children }) => <Link href={href}>{children}</Link>,
  date: ({ timestamp, format, fallback }) =>
    Number.isFinite(Number(timestamp))
      ? formatDate(Number(timestamp), format, { nowMs: Date.now() })
      : (fallback ?? ''),
};
