import type { PendingPhone } from '../../../../media/signalling/messages.ts';
import { PHONES } from '../../sentences.ts';
import { Icon } from '../controls/Icon.tsx';
import { useDispatch, usePage, useSelect } from '../page-context.ts';

/** Phones that are not in the meeting, and the button that adds one. */
export function PhoneList() {
  const dispatch = useDispatch();
  const phones = useSelect((state) => state.phones);
  const mayAdd = useSelect((state) => state.mayAddPhone);
  return (
    <>
      {phones.length > 0 && (
        <ul class="people" aria-label={PHONES.label}>
          {phones.map((phone) => (
            <Phone key={phone.legId} phone={phone} />
          ))}
        </ul>
      )}
      {mayAdd && (
        <div class="host-tools">
          <button
            type="button"
            class="button"
            aria-haspopup="dialog"
            onClick={() => dispatch({ type: 'dialog', dialog: { kind: 'phone' } })}
          >
            <Icon name="phone" /> {PHONES.add}
          </button>
        </div>
      )}
    </>
  );
}

function Phone({ phone: { legId, name, state } }: { phone: PendingPhone }) {
  const { meeting } = usePage();
  const isRinging = state === 'ringing';
  return (
    <li>
      <span class="avatar is-small is-neutral" aria-hidden="true">
        <Icon name="phone" />
      </span>
      <span class="people-name">
        {name}
        <small>{PHONES.states[state]}</small>
      </span>
      <button
        type="button"
        class="icon-button is-small"
        aria-label={isRinging ? PHONES.stopLabel(name) : PHONES.removeLabel(name)}
        title={isRinging ? PHONES.stop : PHONES.remove}
        onClick={() => void meeting.hangUpPhone(legId)}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}
