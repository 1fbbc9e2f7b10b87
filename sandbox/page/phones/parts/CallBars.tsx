import type { Phone, PhoneCall } from '../../../phones/control/contract.ts';
import { MicrophoneIcon, MutedIcon, PhoneDownIcon, PhoneIcon } from '../../parts/icons.tsx';
import { useWorkspace } from '../../workspace-context.ts';
import { useKnownPhones, usePhones } from '../phones-context.ts';
import { findPhone, type PhonesView, ringingHere } from '../state.ts';
import { nameOf, telephoneOf } from '../words.ts';
import { Elapsed } from './Elapsed.tsx';

/** Wherever in the page somebody is: the telephones that ring, and the one in hand. */
export function CallBars() {
  const { view } = usePhones();
  const isElsewhere = useWorkspace().state.place.kind !== 'phones';
  const ringing = ringingHere(view);
  const held = heldCall(view);
  return (
    <>
      <div class="for-readers" role="status">
        {ringing.map((phone) => `${telephoneOf(phone)} rings. `)}
      </div>
      {isElsewhere && ringing.map((phone) => <CallBar key={phone.number} phone={phone} />)}
      {isElsewhere && held && <CallBar phone={held} />}
    </>
  );
}

type PhoneInCall = Phone & { readonly call: PhoneCall };

/** The call of the telephone in hand, once that does not ring any more. */
function heldCall(view: PhonesView): PhoneInCall | null {
  const held = view.inHand ? findPhone(view, view.inHand.number) : undefined;
  return held?.call && held.call.state !== 'ringing' ? { ...held, call: held.call } : null;
}

function CallBar({ phone }: { readonly phone: PhoneInCall }) {
  const { view, actions, known } = useKnownPhones();
  const workspace = useWorkspace().actions;
  const { number, call } = phone;
  const rings = call.state === 'ringing';
  const other = nameOf(known, call.with);
  const inHand = rings ? null : view.inHand;
  return (
    <section class={rings ? 'call-bar is-ringing' : 'call-bar'} aria-label={telephoneOf(phone)}>
      <span class="call-mark" aria-hidden="true">
        <PhoneIcon />
      </span>
      <button type="button" class="call-bar-text" onClick={() => workspace.go({ kind: 'phones' })}>
        <b dir="auto">{telephoneOf(phone)}</b>
        <small>
          {rings ? `${other} is calling` : `In a call with ${other}`}
          {' · '}
          <Elapsed sinceMs={call.sinceMs} />
        </small>
      </button>
      {inHand?.microphone === 'on' && (
        <button
          type="button"
          class="button"
          aria-pressed={inHand.muted}
          onClick={() => actions.mute(!inHand.muted)}
        >
          {inHand.muted ? <MutedIcon /> : <MicrophoneIcon />}
          Mute
        </button>
      )}
      {rings && (
        <button type="button" class="button is-answer" onClick={() => void actions.answer(number)}>
          Answer
        </button>
      )}
      <button type="button" class="button is-danger is-solid" onClick={() => void actions.hangUp(number)}>
        <PhoneDownIcon />
        {rings ? 'Refuse' : 'Hang up'}
      </button>
    </section>
  );
}
