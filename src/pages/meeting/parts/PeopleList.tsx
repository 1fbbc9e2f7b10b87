import type { PeerView } from '../../../media/signalling/messages.ts';
import { partyStyle } from '../colours.ts';
import { initialsOf } from '../format.ts';
import { useDispatch, usePage, useSelect } from '../page-context.ts';
import { mine } from '../state.ts';
import { Icon } from './Icon.tsx';
import { PhoneList } from './PhoneList.tsx';

/** Who is here, raised hands first; the host may mute and remove from here. */
export function PeopleList() {
  const { meeting, store } = usePage();
  const dispatch = useDispatch();
  const peers = useSelect((state) => state.peers);
  const me = useSelect(mine);
  const captionsOn = useSelect((state) => state.captionsOn);
  const captionsStopped = useSelect((state) => state.captionsStopped);
  const ordered = [...peers].sort((a, b) => Number(b.handRaised) - Number(a.handRaised));
  return (
    <>
      <ul class="people">
        {ordered.map((peer) => (
          <li key={peer.peerId} style={partyStyle(peer.partyIndex)}>
            <span class="avatar is-small" aria-hidden="true">
              {peer.legId === null ? initialsOf(peer.name) : <Icon name="phone" />}
            </span>
            <span class="people-name">
              {peer.name}
              <small>{roleOf(peer, me?.peerId)}</small>
            </span>
            {peer.handRaised && (
              <span class="people-hand" role="img" aria-label="Hand raised">
                <Icon name="hand" />
              </span>
            )}
            {me?.host && peer.peerId !== me.peerId ? (
              <>
                <Mute peer={peer} />
                {peer.legId === null && (
                  <button
                    type="button"
                    class="round is-small"
                    aria-label={`Remove ${peer.name}`}
                    title="Remove"
                    onClick={() =>
                      dispatch({ type: 'dialog', dialog: { kind: 'remove', peerId: peer.peerId } })
                    }
                  >
                    <Icon name="remove" />
                  </button>
                )}
              </>
            ) : (
              <span
                class="people-mic"
                role="img"
                aria-label={peer.microphone === 'on' ? 'Microphone on' : 'Muted'}
              >
                <Icon name={peer.microphone === 'on' ? 'mic' : 'mic-off'} />
              </span>
            )}
            {peer.legId !== null && <HangUp legId={peer.legId} name={peer.name} />}
          </li>
        ))}
      </ul>
      <PhoneList />
      {me?.host && (
        <div class="host-tools">
          <label class="switch">
            <input
              type="checkbox"
              checked={captionsOn}
              disabled={captionsStopped !== null}
              onChange={({ currentTarget }) =>
                void meeting.switchCaptions(!captionsOn).then(() => {
                  // It shows what is, also when that could not be changed.
                  currentTarget.checked = store.get().captionsOn;
                })
              }
            />
            <span>Captions for everybody</span>
          </label>
          {captionsStopped !== null && <p class="host-tools-about">{captionsStopped}</p>}
        </div>
      )}
    </>
  );
}

/** People unmute themselves; a telephone is unmuted by who may mute it. */
function Mute({ peer: { peerId, name, microphone, legId } }: { peer: PeerView }) {
  const { meeting } = usePage();
  const unmutes = microphone === 'muted' && legId !== null;
  const acts = microphone === 'on' || unmutes;
  const what = unmutes ? 'Unmute' : 'Mute';
  return (
    <button
      type="button"
      class="round is-small"
      aria-label={acts ? `${what} ${name}` : `${name} is muted`}
      title={acts ? what : 'Muted'}
      disabled={!acts}
      onClick={() => void (unmutes ? meeting.unmutePhone(peerId) : meeting.mute(peerId))}
    >
      <Icon name={microphone === 'on' ? 'mic' : 'mic-off'} />
    </button>
  );
}

/** For anybody: whoever is on a telephone may have forgotten to. */
function HangUp({ legId, name }: { legId: string; name: string }) {
  const { meeting } = usePage();
  return (
    <button
      type="button"
      class="round is-small is-hang-up"
      aria-label={`Hang up ${name}`}
      title="Hang up"
      onClick={() => void meeting.hangUpPhone(legId)}
    >
      <Icon name="leave" />
    </button>
  );
}

const roleOf = (peer: PeerView, me: string | undefined): string =>
  [
    peer.peerId === me && 'You',
    peer.host && 'Host',
    peer.legId !== null && 'On the phone',
    !peer.connected && 'Connection lost',
    peer.screen && 'Sharing a screen',
  ]
    .filter(Boolean)
    .join(' · ');
