import type { PeerView } from '../../../../media/signalling/messages.ts';
import { PEOPLE, YOU } from '../../sentences.ts';
import { localPeer } from '../../state/state.ts';
import { initialsOf } from '../../view/format.ts';
import { speakerStyle } from '../../view/speaker-colours.ts';
import { Icon } from '../controls/Icon.tsx';
import { useDispatch, usePage, useSelect } from '../page-context.ts';
import { PhoneList } from './PhoneList.tsx';

/** Everyone in the meeting, raised hands first. The host can mute and remove people here. */
export function PeopleList() {
  const peers = useSelect((state) => state.peers);
  const isHost = useSelect((state) => localPeer(state)?.host ?? false);
  const ordered = [...peers].sort((a, b) => Number(b.handRaised) - Number(a.handRaised));
  return (
    <>
      <ul class="people">
        {ordered.map((peer) => (
          <Person key={peer.peerId} peer={peer} isHost={isHost} />
        ))}
      </ul>
      <PhoneList />
      {isHost && <CaptionsSwitch />}
    </>
  );
}

function Person({ peer, isHost }: { peer: PeerView; isHost: boolean }) {
  const isLocal = useSelect((state) => state.localPeerId === peer.peerId);
  const isPhone = peer.legId !== null;
  return (
    <li style={speakerStyle(peer.partyIndex)}>
      <span class="avatar is-small" aria-hidden="true">
        {isPhone ? <Icon name="phone" /> : initialsOf(peer.name)}
      </span>
      <span class="people-name">
        {peer.name}
        <small>{detailsOf(peer, isLocal)}</small>
      </span>
      {peer.handRaised && (
        <span class="people-hand" role="img" aria-label={PEOPLE.handRaised}>
          <Icon name="hand" />
        </span>
      )}
      {isHost && !isLocal ? <MuteButton peer={peer} /> : <MicrophoneState isOn={peer.microphone === 'on'} />}
      {isHost && !isLocal && !isPhone && <RemoveButton peer={peer} />}
      {peer.legId !== null && <HangUpButton legId={peer.legId} name={peer.name} />}
    </li>
  );
}

const detailsOf = (peer: PeerView, isLocal: boolean): string =>
  [
    isLocal && YOU,
    peer.host && PEOPLE.host,
    peer.legId !== null && PEOPLE.onPhone,
    !peer.connected && PEOPLE.reconnecting,
    peer.screen && PEOPLE.sharingScreen,
  ]
    .filter(Boolean)
    .join(' · ');

function MicrophoneState({ isOn }: { isOn: boolean }) {
  return (
    <span class="people-mic" role="img" aria-label={isOn ? PEOPLE.microphoneOn : PEOPLE.muted}>
      <Icon name={isOn ? 'mic' : 'mic-off'} />
    </span>
  );
}

/** People unmute themselves; a phone cannot, so the host does. */
function MuteButton({ peer: { peerId, name, microphone, legId } }: { peer: PeerView }) {
  const { meeting } = usePage();
  const canUnmute = microphone === 'muted' && legId !== null;
  const isEnabled = microphone === 'on' || canUnmute;
  const action = canUnmute ? PEOPLE.unmute : PEOPLE.mute;
  return (
    <button
      type="button"
      class="icon-button is-small"
      aria-label={isEnabled ? PEOPLE.act(action, name) : PEOPLE.mutedLabel(name)}
      title={isEnabled ? action : PEOPLE.muted}
      disabled={!isEnabled}
      onClick={() => void (canUnmute ? meeting.unmutePhone(peerId) : meeting.mutePeer(peerId))}
    >
      <Icon name={microphone === 'on' ? 'mic' : 'mic-off'} />
    </button>
  );
}

function RemoveButton({ peer: { peerId, name } }: { peer: PeerView }) {
  const dispatch = useDispatch();
  return (
    <button
      type="button"
      class="icon-button is-small"
      aria-label={PEOPLE.act(PEOPLE.remove, name)}
      title={PEOPLE.remove}
      onClick={() => dispatch({ type: 'dialog', dialog: { kind: 'remove', peerId } })}
    >
      <Icon name="remove" />
    </button>
  );
}

/** For everyone, not only the host: people forget to hang up. */
function HangUpButton({ legId, name }: { legId: string; name: string }) {
  const { meeting } = usePage();
  return (
    <button
      type="button"
      class="icon-button is-small is-hang-up"
      aria-label={PEOPLE.act(PEOPLE.hangUp, name)}
      title={PEOPLE.hangUp}
      onClick={() => void meeting.hangUpPhone(legId)}
    >
      <Icon name="leave" />
    </button>
  );
}

function CaptionsSwitch() {
  const { meeting, store } = usePage();
  const isOn = useSelect((state) => state.captionsOn);
  const stopped = useSelect((state) => state.captionsStopped);
  return (
    <div class="host-tools">
      <label class="switch">
        <input
          type="checkbox"
          checked={isOn}
          disabled={stopped !== null}
          onChange={({ currentTarget }) =>
            void meeting.setCaptions(!isOn).then(() => {
              // It shows the real state, also when that could not be changed.
              currentTarget.checked = store.get().captionsOn;
            })
          }
        />
        <span>{PEOPLE.captionsForEveryone}</span>
      </label>
      {stopped !== null && <p class="host-tools-note">{stopped}</p>}
    </div>
  );
}
