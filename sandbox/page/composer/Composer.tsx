import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { composer } from '../sentences.ts';
import { AttachIcon, SendIcon } from '../ui/icons.tsx';
import { useWorkspace } from '../workspace/workspace-context.ts';
import { AttachmentChip } from './AttachmentChip.tsx';
import { CompletionList, type Suggestion, suggestionsFor } from './Completion.tsx';
import { composeText } from './compose.ts';
import { DropZone } from './DropZone.tsx';
import { useAttachments } from './use-attachments.ts';

interface ComposerProps {
  readonly channel: string;
  readonly thread?: string;
  readonly placeholder: string;
}

/** The message box: messages, slash commands, and files that are picked, pasted or dropped. */
export function Composer({ channel, thread, placeholder }: ComposerProps) {
  const { state, actions } = useWorkspace();
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [caret, setCaret] = useState(0);
  const [active, setActive] = useState(0);
  const [busy, setBusy] = useState(false);
  const [waitsForFiles, setWaitsForFiles] = useState(false);
  // The text for which Escape closed the suggestions.
  const [dismissed, setDismissed] = useState('');
  const files = useAttachments();
  const found = suggestionsFor(text, caret, state.workspace);
  const suggestions = dismissed === text && text !== '' ? [] : found.list;

  useEffect(() => fitHeight(field.current, text), [text]);

  const isEmpty = text.trim() === '' && files.attachments.length === 0;
  const canSend = !isEmpty && !busy;
  const send = async () => {
    if (!canSend) return;
    if (files.isSending) return setWaitsForFiles(true);
    const line = text.trim();
    // Emptied at once, so that the next message can be typed; restored when sending failed.
    setText('');
    setBusy(true);
    const sent =
      isCommand(line) && files.attachments.length === 0 ? await sendCommand(line) : await sendMessage(line);
    setBusy(false);
    if (sent) files.clear();
    else setText((typed) => typed || line);
    field.current?.focus();
  };
  useEffect(() => {
    if (!waitsForFiles || files.isSending) return;
    setWaitsForFiles(false);
    void send();
  });
  const sendCommand = (line: string) => actions.command(channel, line, thread);
  const sendMessage = (line: string) =>
    actions.post({
      channel,
      as: state.me,
      text: composeText(line, namesOf(state.workspace)),
      ...(thread ? { thread_ts: thread } : {}),
      files: files.attachments.flatMap((one) => one.id ?? []),
    });

  const complete = ({ insert, shortcut }: Suggestion) => {
    if (shortcut) void actions.shortcut(shortcut);
    const next = `${text.slice(0, found.from)}${insert}${text.slice(caret)}`;
    setText(next);
    setCaret(found.from + insert.length);
    setActive(0);
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (suggestions.length > 0 && completionKey(event)) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      void send();
    }
  };
  /** True when the key was handled by the suggestions. */
  const completionKey = (event: KeyboardEvent): boolean => {
    const chosen = suggestions[active] ?? suggestions[0]!;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    // Enter on a complete command sends it.
    const isWritten = event.key === 'Enter' && chosen.insert !== '' && chosen.insert.trim() === text.trim();
    if (isWritten) return false;
    if (step) setActive((active + step + suggestions.length) % suggestions.length);
    else if (event.key === 'Tab' || event.key === 'Enter') complete(chosen);
    else if (event.key === 'Escape') setDismissed(text);
    else return false;
    event.preventDefault();
    return true;
  };
  // Preact reports no event of its own when keys or a press move the caret.
  const takeCaret = () => setCaret(field.current?.selectionStart ?? 0);
  const onPaste = (event: ClipboardEvent) => {
    const pasted = [...(event.clipboardData?.files ?? [])];
    if (pasted.length === 0) return;
    event.preventDefault();
    files.add(pasted);
  };

  return (
    <div class="composer-frame">
      <DropZone scope={thread ? 'thread' : 'channel'} onFiles={files.add} />
      {suggestions.length > 0 && (
        <CompletionList id={`${id}-list`} suggestions={suggestions} active={active} onChoose={complete} />
      )}
      <div class="composer">
        {files.attachments.length > 0 && (
          <ul class="chips" aria-label={composer.filesToSend}>
            {files.attachments.map((one) => (
              <AttachmentChip key={one.key} attachment={one} onRemove={() => files.remove(one)} />
            ))}
          </ul>
        )}
        {waitsForFiles && (
          <p class="composer-note" role="status">
            {composer.sendsWhenUploaded}
          </p>
        )}
        <div class="composer-row">
          <button
            type="button"
            class="icon-button"
            aria-label={composer.addFiles}
            title={composer.addFiles}
            onClick={() => picker.current?.click()}
          >
            <AttachIcon />
          </button>
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            onChange={(event) => {
              files.add([...(event.currentTarget.files ?? [])]);
              event.currentTarget.value = '';
            }}
          />
          <textarea
            ref={field}
            rows={1}
            dir="auto"
            value={text}
            placeholder={placeholder}
            aria-label={placeholder}
            // A multi-line field cannot have the role combobox; these attributes it can have.
            aria-haspopup="listbox"
            aria-controls={suggestions.length > 0 ? `${id}-list` : undefined}
            aria-autocomplete="list"
            aria-activedescendant={suggestions.length > 0 ? `${id}-list-${active}` : undefined}
            onInput={({ currentTarget }) => {
              setText(currentTarget.value);
              setCaret(currentTarget.selectionStart);
              setActive(0);
            }}
            onKeyUp={takeCaret}
            onClick={takeCaret}
            onKeyDown={onKeyDown}
            onPaste={onPaste}
          />
          <button
            type="button"
            class="send"
            aria-label={composer.send}
            title={composer.send}
            disabled={!canSend}
            onClick={() => void send()}
          >
            <SendIcon />
          </button>
        </div>
      </div>
    </div>
  );
}

const isCommand = (line: string) => /^\/[a-z]/i.test(line);

const namesOf = (workspace: ReturnType<typeof useWorkspace>['state']['workspace']) => ({
  people: [
    ...(workspace?.people ?? []),
    ...(workspace
      ? [{ id: workspace.bot.userId, name: workspace.bot.name, realName: workspace.bot.name }]
      : []),
  ],
  channels: workspace?.channels ?? [],
});

/** Grows with the text, up to the limit that the stylesheet sets. */
function fitHeight(field: HTMLTextAreaElement | null, _text: string): void {
  if (!field) return;
  field.style.height = 'auto';
  field.style.height = `${field.scrollHeight}px`;
}
