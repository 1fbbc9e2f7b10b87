import { useRef } from 'preact/hooks';
import { AttachIcon, CloseIcon, UpIcon } from '../../parts/icons.tsx';
import { Menu } from '../../parts/Menu.tsx';
import { useKnownPhones } from '../phones-context.ts';
import { voicesOf } from '../words.ts';

interface TurnsListProps {
  readonly turns: readonly string[];
  readonly onChange: (turns: readonly string[]) => void;
}

/** Recordings in the order in which they are said. */
export function TurnsList({ turns, onChange }: TurnsListProps) {
  const { actions, known } = useKnownPhones();
  const picker = useRef<HTMLInputElement>(null);
  const add = (...names: readonly string[]) => onChange([...turns, ...names]);
  const keep = async (file: File) => {
    const name = await actions.keepRecording(file);
    if (name !== null) add(name);
  };
  return (
    <div class="turns">
      {turns.length === 0 && <p class="turns-none">It says nothing: somebody who only listens.</p>}
      <ol aria-label="What it says">
        {turns.map((name, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same recording may be said twice.
          <li key={`${index}:${name}`}>
            <span>{name}</span>
            <button
              type="button"
              class="icon-button"
              aria-label={`Say ${name} earlier`}
              disabled={index === 0}
              onClick={() => onChange(turns.with(index, turns[index - 1]!).with(index - 1, name))}
            >
              <UpIcon />
            </button>
            <button
              type="button"
              class="icon-button"
              aria-label={`Take ${name} out`}
              onClick={() => onChange(turns.toSpliced(index, 1))}
            >
              <CloseIcon />
            </button>
          </li>
        ))}
      </ol>
      <Menu
        label="Add a recording"
        className="button"
        align="start"
        trigger={
          <>
            <AttachIcon />
            Add a recording
          </>
        }
        items={[
          ...voicesOf(known.recordings).map((voice) => ({
            key: `voice:${voice.name}`,
            label: `All of ${voice.name}`,
            detail: `${voice.turns.length} turns of a conversation`,
            onChoose: () => add(...voice.turns),
          })),
          ...known.recordings.map((name) => ({ key: name, label: name, onChoose: () => add(name) })),
          { key: 'file:', label: 'From a file…', onChoose: () => picker.current?.click() },
        ]}
      />
      <input
        ref={picker}
        type="file"
        hidden
        accept="audio/*,video/*"
        aria-label="A recording for it to say"
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          if (file) void keep(file);
          currentTarget.value = '';
        }}
      />
    </div>
  );
}
