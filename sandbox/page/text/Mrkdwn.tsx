import { type ComponentChildren, Fragment } from 'preact';
import { useWorkspace } from '../workspace/workspace-context.ts';
import { formatDate } from './date.ts';
import { Emoji } from './Emoji.tsx';
import { type Inline, type Line, type MrkdwnOptions, parseMrkdwn, safeHref } from './mrkdwn.ts';
import { parsePermalink } from './permalink.ts';

/** Slack's mrkdwn as a block of text. */
export function Mrkdwn({ text, ...options }: { text: string } & MrkdwnOptions) {
  return (
    <div class="mrkdwn">
      {grouped(parseMrkdwn(text, options)).map((group, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the tree is parsed from the text each time.
        <Group key={index} lines={group} />
      ))}
    </div>
  );
}

/** A text object of Block Kit inside a line of other content. */
export function InlineText({ text, ...options }: { text: string } & MrkdwnOptions) {
  return parseMrkdwn(text, options).map((line, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the tree is parsed from the text each time.
    <Fragment key={index}>
      {index > 0 && ' '}
      {line.kind === 'pre' ? <code>{line.text}</code> : <Inlines of={line.children} />}
    </Fragment>
  ));
}

/** Adjacent lines of a quote form one quote. */
function grouped(lines: readonly Line[]): Line[][] {
  const groups: Line[][] = [];
  for (const line of lines) {
    const last = groups.at(-1);
    if (last && line.kind !== 'pre' && last[0]!.kind === line.kind) last.push(line);
    else groups.push([line]);
  }
  return groups;
}

function Group({ lines }: { lines: readonly Line[] }) {
  const first = lines[0]!;
  if (first.kind === 'pre') return <pre>{first.text}</pre>;
  const content = lines.map((line, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the tree is parsed from the text each time.
    <Fragment key={index}>
      {index > 0 && <br />}
      {line.kind !== 'pre' && <Inlines of={line.children} />}
    </Fragment>
  ));
  return first.kind === 'quote' ? <blockquote>{content}</blockquote> : <div dir="auto">{content}</div>;
}

function Inlines({ of }: { of: readonly Inline[] }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: the tree is parsed from the text each time.
  return of.map((inline, index) => <InlineNode key={index} of={inline} />);
}

function InlineNode({ of }: { of: Inline }) {
  switch (of.kind) {
    case 'text':
      return of.text;
    case 'code':
      return <code>{of.text}</code>;
    case 'bold':
      return (
        <strong>
          <Inlines of={of.children} />
        </strong>
      );
    case 'italic':
      return (
        <em>
          <Inlines of={of.children} />
        </em>
      );
    case 'strike':
      return (
        <s>
          <Inlines of={of.children} />
        </s>
      );
    case 'link':
      return (
        <Link href={of.href}>
          <Inlines of={of.children} />
        </Link>
      );
    case 'user':
      return <Mention id={of.name} label={of.label} />;
    case 'channel':
      return <ChannelMention id={of.name} label={of.label} />;
    case 'broadcast':
      return <span class="mention is-broadcast">@{of.label?.replace(/^@/, '') ?? of.name}</span>;
    case 'emoji':
      return <Emoji name={of.name} />;
    case 'date':
      return <DateToken of={of} />;
  }
}

/** Links to messages of this workspace open them here; all others open in a new tab. */
export function Link({ href, children }: { href: string; children: ComponentChildren }) {
  const { actions } = useWorkspace();
  const safe = safeHref(href);
  if (!safe) return <span>{children}</span>;
  const thread = parsePermalink(safe, location.origin);
  const open = (event: MouseEvent) => {
    if (!thread) return;
    event.preventDefault();
    actions.navigate({ kind: 'channel', id: thread.channel });
    actions.openThread(thread);
  };
  return (
    <a href={safe} target="_blank" rel="noreferrer noopener" onClick={open}>
      {children}
    </a>
  );
}

export function Mention({ id, label }: { id: string; label?: string | undefined }) {
  const { state } = useWorkspace();
  const person = state.workspace?.people.find((candidate) => candidate.id === id);
  const isBot = state.workspace?.bot.userId === id;
  const name = person?.realName ?? (isBot ? state.workspace?.bot.name : undefined) ?? label ?? id;
  return <span class={id === state.me ? 'mention is-me' : 'mention'}>@{name}</span>;
}

export function ChannelMention({ id, label }: { id: string; label?: string | undefined }) {
  const { state, actions } = useWorkspace();
  const channel = state.workspace?.channels.find((candidate) => candidate.id === id);
  const name = channel?.name ?? label ?? id;
  if (!channel) return <span class="mention">#{name}</span>;
  return (
    <button type="button" class="mention" onClick={() => actions.navigate({ kind: 'channel', id })}>
      #{name}
    </button>
  );
}

function DateToken({ of }: { of: Extract<Inline, { kind: 'date' }> }) {
  if (!Number.isFinite(of.seconds)) return of.fallback;
  const text = formatDate(of.seconds, of.format, { nowMs: Date.now() });
  const time = <time datetime={new Date(of.seconds * 1000).toISOString()}>{text}</time>;
  return of.href ? <Link href={of.href}>{time}</Link> : time;
}
