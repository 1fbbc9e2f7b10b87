import { useState } from 'preact/hooks';
import type { Phone } from '../../../phones/control/contract.ts';
import { ChevronIcon } from '../../ui/icons.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { behaviourDetail, defaultBehaviour } from '../behaviours.ts';
import { phoneLabel } from '../numbers.ts';
import { usePhones } from '../phones-context.ts';
import { BEHAVIOURS, behaviourLabel, panel } from '../sentences.ts';
import { RecordingsDialog } from './RecordingsDialog.tsx';

/** What a phone does when it rings, and the menu that changes it. */
export function BehaviourMenu({ phone }: { readonly phone: Phone }) {
  const { actions } = usePhones();
  const [dialogOpen, setDialogOpen] = useState(false);
  const { number, behaviour } = phone;
  const summary = behaviourDetail(behaviour);
  return (
    <div class="phone-behaviour">
      <span class="phone-label" aria-hidden="true">
        {panel.whenItRings}
      </span>
      <Menu
        label={panel.behaviourOf(phoneLabel(phone), behaviourLabel(behaviour))}
        className="select-button"
        align="start"
        trigger={
          <>
            <span class="select-value">{behaviourLabel(behaviour)}</span>
            <ChevronIcon />
          </>
        }
        items={BEHAVIOURS.map(({ type, label, detail }) => ({
          key: type,
          label: type === 'answer' ? `${label}…` : label,
          detail,
          checked: behaviour.type === type,
          onChoose: () => {
            if (type === 'answer') setDialogOpen(true);
            else void actions.set(number, { behaviour: defaultBehaviour(type) });
          },
        }))}
      />
      {summary && (
        <p class="phone-detail">
          {summary}{' '}
          <button type="button" class="link-button" onClick={() => setDialogOpen(true)}>
            {panel.change}
          </button>
        </p>
      )}
      {dialogOpen && <RecordingsDialog phone={phone} onClose={() => setDialogOpen(false)} />}
    </div>
  );
}
