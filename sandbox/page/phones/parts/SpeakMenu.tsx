import { useRef } from 'preact/hooks';
import { PlayIcon } from '../../parts/icons.tsx';
import { Menu } from '../../parts/Menu.tsx';
import { useKnownPhones } from '../phones-context.ts';

/** Says a recording into the call, as if somebody had spoken it. */
export function SpeakMenu({ number }: { readonly number: string }) {
  const { actions, known } = useKnownPhones();
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <Menu
        label="Speak a recording"
        className="round"
        trigger={
          <>
            <span>
              <PlayIcon />
            </span>
            Recording
          </>
        }
        items={[
          {
            key: 'file:',
            label: 'From a file…',
            detail: 'Any recording on this computer',
            onChoose: () => picker.current?.click(),
          },
          ...known.recordings.map((name) => ({
            key: name,
            label: name,
            onChoose: () => void actions.speakSample(number, name),
          })),
        ]}
      />
      <input
        ref={picker}
        type="file"
        hidden
        accept="audio/*,video/*"
        aria-label="A recording to speak"
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          if (file) void actions.speakFile(number, file);
          currentTarget.value = '';
        }}
      />
    </>
  );
}
