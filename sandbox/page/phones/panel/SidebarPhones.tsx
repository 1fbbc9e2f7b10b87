import { sidebar } from '../../sentences.ts';
import { PhoneIcon } from '../../ui/icons.tsx';
import { usePhones } from '../phones-context.ts';
import { call } from '../sentences.ts';
import { ringingPhones } from '../state.ts';

interface SidebarPhonesProps {
  readonly isCurrent: boolean;
  readonly onOpen: () => void;
}

/** Opens the phones panel, in a workspace with demo phones; counts those that ring. */
export function SidebarPhones({ isCurrent, onOpen }: SidebarPhonesProps) {
  const { state } = usePhones();
  if (!state.network) return null;
  const { length } = ringingPhones(state);
  return (
    <button
      type="button"
      class={length ? 'sidebar-item is-unread' : 'sidebar-item'}
      aria-current={isCurrent ? 'page' : undefined}
      onClick={onOpen}
    >
      <PhoneIcon />
      <span>{sidebar.phones}</span>
      {length > 0 && (
        <span class="count is-ringing">
          {length}
          <span class="visually-hidden">{call.ringing}</span>
        </span>
      )}
    </button>
  );
}
