import { useEffect, useId, useState } from 'preact/hooks';
import { useBox } from '../box.ts';
import type { Wanted } from '../devices.ts';
import { usePage, useSelect, useSettings } from '../page-context.ts';
import type { Info } from '../state.ts';
import { ConnectionTest } from './ConnectionTest.tsx';
import { DeviceChoices } from './DeviceChoices.tsx';
import { Icon } from './Icon.tsx';
import { LevelMeter } from './LevelMeter.tsx';
import { SelfPicture } from './SelfPicture.tsx';
import { ToggleButton } from './ToggleButton.tsx';

/** A look at oneself before anybody else has one, and the question about captions. */
export function Lobby({ info }: { info: Info }) {
  const { meeting } = usePage();
  const ownTracks = meeting.tracks;
  const [settings, set] = useSettings();
  const tracks = useBox(ownTracks.box);
  const joining = useSelect((state) => state.phase === 'joining');
  const problem = useSelect((state) => state.problem);
  const [consent, setConsent] = useState(false);
  const consentNote = useId();
  const { microphoneOn, cameraOn } = settings;

  useEffect(() => {
    if (microphoneOn) void ownTracks.open('microphone');
    else ownTracks.close('microphone');
  }, [ownTracks, microphoneOn]);
  useEffect(() => {
    if (cameraOn) void ownTracks.open('camera');
    else ownTracks.close('camera');
  }, [ownTracks, cameraOn]);

  const problems = [
    microphoneOn ? tracks.problems.microphone : null,
    cameraOn ? tracks.problems.camera : null,
  ].filter((each) => each !== null);
  const retry = (): void => {
    if (microphoneOn) void ownTracks.open('microphone');
    if (cameraOn) void ownTracks.open('camera');
  };
  const join = (event: Event): void => {
    event.preventDefault();
    // What is still being opened is meant as well.
    const isComing = (kind: Wanted): boolean => tracks[kind] !== null || tracks.problems[kind] === null;
    meeting.join({
      microphone: microphoneOn && isComing('microphone'),
      camera: cameraOn && isComing('camera'),
      consent,
    });
  };

  return (
    <main class="lobby">
      <section class="lobby-preview" aria-label="How others will see you">
        <div class="lobby-picture">
          <SelfPicture track={tracks.camera} name={info.name} />
          <p class="lobby-name">{info.name}</p>
          <div class="lobby-toggles">
            <ToggleButton
              icon={microphoneOn ? 'mic' : 'mic-off'}
              label="Microphone"
              pressed={microphoneOn}
              onClick={() => set({ microphoneOn: !microphoneOn })}
            />
            <ToggleButton
              icon={cameraOn ? 'camera' : 'camera-off'}
              label="Camera"
              pressed={cameraOn}
              onClick={() => set({ cameraOn: !cameraOn })}
            />
          </div>
        </div>
        <LevelMeter track={tracks.microphone} />
      </section>

      <form class="lobby-form" onSubmit={join}>
        <header>
          <p class="eyebrow">
            <Icon name="wave" /> Parley meeting
          </p>
          <h1>{info.title}</h1>
          <p class="muted">
            You join as <strong>{info.name}</strong>
            {info.host ? ', the host.' : '.'}
          </p>
        </header>
        {problems.length > 0 && (
          <div class="note is-warning" role="alert">
            {problems.map((each) => (
              <p key={each}>{each}</p>
            ))}
            <button type="button" class="link" onClick={retry}>
              Try again
            </button>
          </div>
        )}
        <DeviceChoices />
        <label class="consent">
          <input
            type="checkbox"
            checked={consent}
            aria-describedby={consentNote}
            onChange={(event) => setConsent(event.currentTarget.checked)}
          />
          <span>
            <strong>What I say may be captioned live and kept as a transcript</strong>, with my name, in the
            Slack thread of this meeting.
          </span>
        </label>
        <p id={consentNote} class="muted small">
          {consent
            ? 'You can take this back at any time in the settings. While you are muted nothing is transcribed.'
            : 'Without this you can join, see and hear everybody, and read along; your microphone stays off.'}
        </p>
        {problem !== null && (
          <p class="note is-problem" role="alert">
            {problem} <ConnectionTest />
          </p>
        )}
        <button type="submit" class="button is-main is-large" disabled={joining}>
          {joining ? 'Joining …' : consent ? 'Join now' : 'Join without microphone'}
        </button>
      </form>
    </main>
  );
}
