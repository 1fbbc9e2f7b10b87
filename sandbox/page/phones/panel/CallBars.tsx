import type { Phone, PhoneCall } from '../../../phones/control/contract.ts';
import { MicrophoneIcon, MutedIcon, PhoneDownIcon, PhoneIcon } from '../../ui/icons.tsx';
import { useWorkspace } from '../../workspace/workspace-context.ts';
import { nameOfNumber, phoneLabel } from '../numbers.ts';
import { usePhoneNetwork, usePhones } from '../phones-context.ts';
import { call as sentences } from '../sentences.ts';
import { findPhone, type PanelState, ringingPhones } from '../state.ts';
import { Elapsed } from './Elapsed.tsx';

/** Outside of the phones panel, a bar for each phone that rings and for the call of the active phone. */
export function CallBars() {
  const { state } = usePhones();
  const isShown = useWorkspace().state.route.kind !== 'phones';
  const ringing = ringingPhones(state);
  const current = activeCall(state);
  return (
    <>
      <div class="visually-hidden" role="status">
        {ringing.map((phone) => sentences.rings(phoneLabel(phone)))}
      </div>
      {isShown && ringing.map((phone) => <CallBar key={phone.number} phone={phone} />)}
      {isShown && current && <CallBar phone={current} />}
    </>
  );
}

type PhoneInCall = Phone & { readonly call: PhoneCall };

/** The call of the active phone, unless that still rings. */
function activeCall(state: PanelState): PhoneInCall | null {
  const phone = state.active ? findPhone(state, state.active.number) : undefined;
  return phone?.call && phone.call.state !== 'ringing' ? { ...phone, call: phone.call } : null;
}

function CallBar({ phone }: { readonly phone: PhoneInCall }) {
  const { state, actions, network } = usePhoneNetwork();
  const { navigate } = useWorkspace().actions;
  const { number, call } = phone;
  const isRinging = call.state === 'ringing';
  const other = nameOfNumber(network, call.with);
  const active = isRinging ? null : state.active;
  return (
    <section class={isRinging ? 'call-bar is-ringing' : 'call-bar'} aria-label={phoneLabel(phone)}>
      <span class="call-icon" aria-hidden="true">
        <PhoneIcon />
      </span>
      <button type="button" class="call-bar-text" onClick={() => navigate({ kind: 'phones' })}>
        <b dir="auto">{phoneLabel(phone)}</b>
        <small>
          {isRinging ? sentences.someoneCalls(other) : sentences.inCallWith(other)}
          {' · '}
          <Elapsed sinceMs={call.sinceMs} />
        </small>
      </button>
      {active?.microphone === 'on' && (
        <button
          type="button"
          class="button"
          aria-pressed={active.muted}
          onClick={() => actions.mute(!active.muted)}
        >
          {active.muted ? <MutedIcon /> : <MicrophoneIcon />}
          {sentences.mute}
        </button>
      )}
      {isRinging && (
        <button type="button" class="button is-answer" onClick={() => void actions.answer(number)}>
          {sentences.answer}
        </button>
      )}
      <button type="button" class="button is-danger is-solid" onClick={() => void actions.hangUp(number)}>
        <PhoneDownIcon />
        {isRinging ? sentences.decline : sentences.hangUp}
      </button>
    </section>
  );
}
