import { useRef } from 'preact/hooks';
import { PlayIcon } from '../../ui/icons.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { usePhoneNetwork } from '../phones-context.ts';
import { call } from '../sentences.ts';

/** Plays a recording into the call, in place of the microphone. */
export function SpeakMenu({ number }: { readonly number: string }) {
  const { actions, network } = usePhoneNetwork();
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <Menu
        label={call.playRecording}
        className="round-button"
        trigger={
          <>
            <span>
              <PlayIcon />
            </span>
            {call.recording}
          </>
        }
        items={[
          {
            key: 'file:',
            label: call.fromFile,
            detail: call.anyRecording,
            onChoose: () => picker.current?.click(),
          },
          ...network.recordings.map((name) => ({
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
        aria-label={call.fileToPlay}
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          if (file) void actions.speakFile(number, file);
          currentTarget.value = '';
        }}
      />
    </>
  );
}
