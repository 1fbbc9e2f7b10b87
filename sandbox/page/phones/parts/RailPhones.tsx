import { PhoneIcon } from '../../parts/icons.tsx';
import { usePhones } from '../phones-context.ts';
import { ringingHere } from '../state.ts';

interface RailPhonesProps {
  readonly isHere: boolean;
  readonly onOpen: () => void;
}

/** The way to the telephones, where there are any; it counts those that ring. */
export function RailPhones({ isHere, onOpen }: RailPhonesProps) {
  const { view } = usePhones();
  if (!view.known) return null;
  const { length } = ringingHere(view);
  return (
    <button
      type="button"
      class={length ? 'rail-item is-unread' : 'rail-item'}
      aria-current={isHere ? 'page' : undefined}
      onClick={onOpen}
    >
      <PhoneIcon />
      <span>Phones</span>
      {length > 0 && (
        <span class="count is-ringing">
          {length}
          <span class="for-readers"> ringing</span>
        </span>
      )}
    </button>
  );
}
