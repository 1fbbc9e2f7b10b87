import type { WorkspaceState } from '../../slack/control/contract.ts';
import { composer } from '../sentences.ts';
import { completionAt } from './compose.ts';

export interface Suggestion {
  readonly key: string;
  readonly title: string;
  readonly detail: string;
  /** Replaces the word being typed. */
  readonly insert: string;
  /** Set for a global shortcut, which is run instead. Slack lists these among slash commands too. */
  readonly shortcut?: string;
}

/** Commands, shortcuts or people that match the word before the caret; `from` is where that word begins. */
export function suggestionsFor(typed: string, caret: number, workspace: WorkspaceState | null) {
  const word = completionAt(typed, caret);
  if (!word || !workspace) return { from: 0, list: [] as Suggestion[] };
  const { query } = word;
  const list =
    word.kind === 'command'
      ? [...commandsFor(query, workspace), ...shortcutsFor(query, workspace)]
      : mentionable(workspace)
          .filter(({ name, realName }) =>
            `${name}\n${realName}`
              .toLowerCase()
              .split(/[\s]+/)
              .some((part) => part.startsWith(query)),
          )
          .map(({ id, name, realName, isBot }) => ({
            key: id,
            title: realName,
            detail: isBot ? 'App' : `@${name}`,
            insert: `@${realName} `,
          }));
  return { from: word.from, list };
}

const commandsFor = (query: string, { commands }: WorkspaceState): Suggestion[] =>
  commands
    .filter(({ command }) => command.slice(1).startsWith(query))
    .map(({ command, description, usageHint }) => ({
      key: command,
      title: `${command} ${usageHint}`.trim(),
      detail: description,
      insert: `${command} `,
    }));

const shortcutsFor = (query: string, { globalShortcuts }: WorkspaceState): Suggestion[] =>
  globalShortcuts
    .filter(({ name }) =>
      name
        .toLowerCase()
        .split(' ')
        .some((word) => word.startsWith(query)),
    )
    .map(({ callbackId, name }) => ({
      key: `shortcut:${callbackId}`,
      title: name,
      detail: 'Shortcut',
      insert: '',
      shortcut: callbackId,
    }));

/** Everyone, including the app, which may or may not be among `people`. */
function mentionable({ people, bot }: WorkspaceState) {
  const isListed = people.some(({ id }) => id === bot.userId);
  const app = { id: bot.userId, name: bot.name, realName: bot.name, isBot: true };
  return isListed ? people : [...people, app];
}

interface CompletionListProps {
  readonly id: string;
  readonly suggestions: readonly Suggestion[];
  readonly active: number;
  readonly onChoose: (suggestion: Suggestion) => void;
}

export function CompletionList({ id, suggestions, active, onChoose }: CompletionListProps) {
  return (
    <div class="completion" role="listbox" id={id} aria-label={composer.suggestions}>
      {suggestions.map((suggestion, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the text field handles the keys for all suggestions.
        // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the text field, which points here.
        <div
          key={suggestion.key}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === active}
          class={index === active ? 'picker-option is-active' : 'picker-option'}
          // Keeps the focus in the text field.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(suggestion)}
        >
          <b>{suggestion.title}</b>
          <small>{suggestion.detail}</small>
        </div>
      ))}
    </div>
  );
}
