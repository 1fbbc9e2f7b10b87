import { useState } from 'preact/hooks';
import type { Phone } from '../../../phones/control/contract.ts';
import { ChevronIcon } from '../../parts/icons.tsx';
import { Menu } from '../../parts/Menu.tsx';
import { usePhones } from '../phones-context.ts';
import { BEHAVIOURS, detailOf, labelOf, plainBehaviour, telephoneOf } from '../words.ts';
import { TurnsDialog } from './TurnsDialog.tsx';

/** What a telephone does when it rings, and how to change that. */
export function BehaviourPart({ phone }: { readonly phone: Phone }) {
  const { actions } = usePhones();
  const [asksForTurns, setAsksForTurns] = useState(false);
  const { number, behaviour } = phone;
  const detail = detailOf(behaviour);
  return (
    <div class="phone-behaviour">
      <span class="phone-caption" aria-hidden="true">
        When it rings
      </span>
      <Menu
        label={`When ${telephoneOf(phone)} rings: ${labelOf(behaviour)}`}
        className="select-button"
        align="start"
        trigger={
          <>
            <span class="select-value">{labelOf(behaviour)}</span>
            <ChevronIcon />
          </>
        }
        items={BEHAVIOURS.map(({ type, label, detail: more }) => ({
          key: type,
          label: type === 'answer' ? `${label}…` : label,
          detail: more,
          checked: behaviour.type === type,
          onChoose: () => {
            if (type === 'answer') setAsksForTurns(true);
            else void actions.set(number, { behaviour: plainBehaviour(type) });
          },
        }))}
      />
      {detail && (
        <p class="phone-detail">
          {detail}{' '}
          <button type="button" class="link-button" onClick={() => setAsksForTurns(true)}>
            Change
          </button>
        </p>
      )}
      {asksForTurns && <TurnsDialog phone={phone} onClose={() => setAsksForTurns(false)} />}
    </div>
  );
}
