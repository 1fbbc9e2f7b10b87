import type { WorkspaceState } from '../../slack/control/contract.ts';
import { completionAt } from '../text/compose.ts';

export interface Suggestion {
  readonly key: string;
  readonly title: string;
  readonly detail: string;
  /** What takes the place of the word being typed. */
  readonly insert: string;
  /** Set where choosing runs a global shortcut instead; Slack too lists these under the slash. */
  readonly shortcut?: string;
}

/** What could be meant by the word before the caret; empty when it asks for nothing. */
export function suggestionsFor(typed: string, caret: number, workspace: WorkspaceState | null) {
  const asked = completionAt(typed, caret);
  if (!asked || !workspace) return { from: 0, list: [] as Suggestion[] };
  const { query } = asked;
  const list =
    asked.kind === 'command'
      ? [...commandsFor(query, workspace), ...shortcutsFor(query, workspace)]
      : mentionable(workspace)
          .filter(({ name, realName }) =>
            `${name}\n${realName}`
              .toLowerCase()
              .split(/[\s]+/)
              .some((word) => word.startsWith(query)),
          )
          .map(({ id, name, realName, isBot }) => ({
            key: id,
            title: realName,
            detail: isBot ? 'App' : `@${name}`,
            insert: `@${realName} `,
          }));
  return { from: asked.from, list };
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

/** Everybody, the app among them whether or not it is listed as a person. */
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
    <div class="completion" role="listbox" id={id} aria-label="Suggestions">
      {suggestions.map((suggestion, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the text field handles the keys for all suggestions.
        // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the text field, which points here.
        <div
          key={suggestion.key}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === active}
          class={index === active ? 'picker-option is-active' : 'picker-option'}
          // The press would otherwise take the focus out of the text field.
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
