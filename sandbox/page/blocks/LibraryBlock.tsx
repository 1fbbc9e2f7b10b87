import { type Block as LibraryBlockType, Message } from 'slack-blocks-to-jsx';
import { formatDate } from '../text/date.ts';
import { Emoji } from '../text/Emoji.tsx';
import { ChannelMention, Link, Mention } from '../text/Mrkdwn.tsx';
import { useWorkspace } from '../workspace-context.ts';
import type { Block } from './types.ts';

/**
 * Blocks that only show: rich text, markdown, native charts, cards, alerts and the like are drawn by the library,
 * without its styles (styles/library.css gives it the page's own). What answers, shows files or depends on escapes
 * is drawn by the page; docs/decisions/0061 says why.
 */
export function LibraryBlock({ block }: { block: Block }) {
  const { state } = useWorkspace();
  const people = state.workspace?.people ?? [];
  const channels = state.workspace?.channels ?? [];
  return (
    <div class={`library library-${block.type}`}>
      <Message
        // The page's block is looser than the library's types; BlockGuard stands around for what it cannot draw.
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
