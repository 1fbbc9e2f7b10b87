import { useRef } from 'preact/hooks';
import { AttachIcon, CloseIcon, UpIcon } from '../../ui/icons.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { speakersOf } from '../behaviours.ts';
import { usePhoneNetwork } from '../phones-context.ts';
import { call, recordingsDialog } from '../sentences.ts';

interface RecordingsListProps {
  readonly recordings: readonly string[];
  readonly onChange: (recordings: readonly string[]) => void;
}

/** Recordings in the order in which they are played. */
export function RecordingsList({ recordings, onChange }: RecordingsListProps) {
  const { actions, network } = usePhoneNetwork();
  const picker = useRef<HTMLInputElement>(null);
  const add = (...names: readonly string[]) => onChange([...recordings, ...names]);
  const addFile = async (file: File) => {
    const name = await actions.saveRecording(file);
    if (name !== null) add(name);
  };
  return (
    <div class="recordings">
      {recordings.length === 0 && <p class="recordings-empty">{recordingsDialog.empty}</p>}
      <ol aria-label={recordingsDialog.list}>
        {recordings.map((name, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same recording may be in the list twice.
          <li key={`${index}:${name}`}>
            <span>{name}</span>
            <button
              type="button"
              class="icon-button"
              aria-label={recordingsDialog.moveUp(name)}
              disabled={index === 0}
              onClick={() => onChange(recordings.with(index, recordings[index - 1]!).with(index - 1, name))}
            >
              <UpIcon />
            </button>
            <button
              type="button"
              class="icon-button"
              aria-label={recordingsDialog.remove(name)}
              onClick={() => onChange(recordings.toSpliced(index, 1))}
            >
              <CloseIcon />
            </button>
          </li>
        ))}
      </ol>
      <Menu
        label={recordingsDialog.add}
        className="button"
        align="start"
        trigger={
          <>
            <AttachIcon />
            {recordingsDialog.add}
          </>
        }
        items={[
          ...speakersOf(network.recordings).map((speaker) => ({
            key: `speaker:${speaker.name}`,
            label: recordingsDialog.allOf(speaker.name),
            detail: recordingsDialog.turns(speaker.turns.length),
            onChoose: () => add(...speaker.turns),
          })),
          ...network.recordings.map((name) => ({ key: name, label: name, onChoose: () => add(name) })),
          { key: 'file:', label: call.fromFile, onChoose: () => picker.current?.click() },
        ]}
      />
      <input
        ref={picker}
        type="file"
        hidden
        accept="audio/*,video/*"
        aria-label={recordingsDialog.fileToAdd}
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          if (file) void addFile(file);
          currentTarget.value = '';
        }}
      />
    </div>
  );
}
