import { useEffect, useId, useState } from 'preact/hooks';
import { type Capture, declinerOf } from '../../../../core/meeting/capture.ts';
import { useObservable } from '../../../shared/use-observable.ts';
import { CONSENT } from '../../consent-sentences.ts';
import type { DeviceKind } from '../../media/devices.ts';
import { LOBBY } from '../../sentences.ts';
import type { MeetingInfo } from '../../state/state.ts';
import { DeviceSelects } from '../controls/DeviceSelects.tsx';
import { Icon } from '../controls/Icon.tsx';
import { usePage, useSelect, useSettings } from '../page-context.ts';
import { ConnectionTestLink } from './ConnectionTestLink.tsx';
import { LobbyPreview } from './LobbyPreview.tsx';

/** A preview of oneself, the devices, and the consent to captions. */
export function Lobby({ info }: { info: MeetingInfo }) {
  const { meeting } = usePage();
  const [{ microphoneOn, cameraOn }] = useSettings();
  const tracks = useObservable(meeting.tracks.current);
  const isJoining = useSelect((state) => state.phase === 'joining');
  const [isAgreed, setAgreed] = useState(false);
  const decliner = declinerOf(info.capture.recording);
  // Where nothing is recorded or transcribed there is nothing to agree to.
  const consent = isAgreed || decliner !== null;
  useOpenDevice('microphone', microphoneOn);
  useOpenDevice('camera', cameraOn);

  const join = (event: Event): void => {
    event.preventDefault();
    // A device that is still being opened counts.
    const isExpected = (kind: DeviceKind): boolean => tracks[kind] !== null || tracks.errors[kind] === null;
    meeting.join({
      microphone: microphoneOn && isExpected('microphone'),
      camera: cameraOn && isExpected('camera'),
      consent,
    });
  };
  return (
    <main class="lobby">
      <LobbyPreview name={info.name} />
      <form class="lobby-form" onSubmit={join}>
        <header>
          <p class="eyebrow">
            <Icon name="wave" /> {LOBBY.eyebrow(info.kind)}
          </p>
          <h1>{info.title}</h1>
          <p class="muted">
            {LOBBY.joiningAs} <strong>{info.name}</strong>
            {info.host && ` · ${LOBBY.host}`}
          </p>
        </header>
        <DeviceErrors />
        <DeviceSelects />
        {decliner === null ? (
          <Consent capture={info.capture} isGiven={isAgreed} onChange={setAgreed} />
        ) : (
          <p class="callout">{CONSENT.declined(decliner)}</p>
        )}
        <JoinError />
        <button type="submit" class="button is-primary is-large" disabled={isJoining}>
          {isJoining ? LOBBY.joining : consent ? LOBBY.join : LOBBY.joinMuted}
        </button>
      </form>
    </main>
  );
}

const useOpenDevice = (kind: DeviceKind, isOn: boolean): void => {
  const { tracks } = usePage().meeting;
  useEffect(() => {
    if (isOn) void tracks.open(kind);
    else tracks.close(kind);
  }, [tracks, kind, isOn]);
};

function DeviceErrors() {
  const { tracks } = usePage().meeting;
  const [{ microphoneOn, cameraOn }] = useSettings();
  const { microphone, camera } = useObservable(tracks.current, ({ errors }) => errors);
  const errors = [microphoneOn ? microphone : null, cameraOn ? camera : null].filter((each) => each !== null);
  if (errors.length === 0) return null;
  const retry = (): void => {
    if (microphoneOn) void tracks.open('microphone');
    if (cameraOn) void tracks.open('camera');
  };
  return (
    <div class="callout is-warning" role="alert">
      {errors.map((each) => (
        <p key={each}>{each}</p>
      ))}
      <button type="button" class="link" onClick={retry}>
        {LOBBY.tryAgain}
      </button>
    </div>
  );
}

function Consent(props: { capture: Capture; isGiven: boolean; onChange: (isGiven: boolean) => void }) {
  const { capture } = props;
  const note = useId();
  return (
    <>
      <label class="consent">
        <input
          type="checkbox"
          checked={props.isGiven}
          aria-describedby={note}
          onChange={(event) => props.onChange(event.currentTarget.checked)}
        />
        <span>
          <strong>{CONSENT.agree(capture)}</strong> {CONSENT.about(capture)}
        </span>
      </label>
      <p id={note} class="muted small">
        {props.isGiven ? CONSENT.given(capture) : CONSENT.missing}
      </p>
    </>
  );
}

function JoinError() {
  const error = useSelect((state) => state.joinError);
  if (error === null) return null;
  return (
    <p class="callout is-error" role="alert">
      {error} <ConnectionTestLink />
    </p>
  );
}
