import type { PendingPhone } from '../../../media/signalling/messages.ts';
import { useDispatch, usePage, useSelect } from '../page-context.ts';
import { Icon } from './Icon.tsx';

const STATES: Readonly<Record<PendingPhone['state'], string>> = {
  ringing: 'Ringing …',
  busy: 'Busy',
  'no-answer': 'No answer',
  failed: 'Could not be reached',
  'room-full': 'No place left',
};

/** Telephones that are not in (yet), and the way to ring another. */
export function PhoneList() {
  const { meeting } = usePage();
  const dispatch = useDispatch();
  const phones = useSelect((state) => state.phones);
  const mayAdd = useSelect((state) => state.mayAddPhone);
  return (
    <>
      {phones.length > 0 && (
        <ul class="people" aria-label="Phones that are not in">
          {phones.map(({ legId, name, state }) => (
            <li key={legId}>
              <span class="avatar is-small is-neutral" aria-hidden="true">
                <Icon name="phone" />
              </span>
              <span class="people-name">
                {name}
                <small>{STATES[state]}</small>
              </span>
              <button
                type="button"
                class="round is-small"
                aria-label={state === 'ringing' ? `Stop ringing ${name}` : `Take ${name} off the list`}
                title={state === 'ringing' ? 'Stop ringing' : 'Take off the list'}
                onClick={() => void meeting.hangUpPhone(legId)}
              >
                <Icon name="close" />
              </button>
            </li>
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
            <Icon name="phone" /> Add a phone
          </button>
        </div>
      )}
    </>
  );
}
