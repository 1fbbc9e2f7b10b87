import { useId } from 'preact/hooks';
import type { Phone } from '../../../phones/control/contract.ts';
import { behindInitials, initialsOf } from '../../parts/Avatar.tsx';
import { PhoneIcon } from '../../parts/icons.tsx';
import { useWorkspace } from '../../workspace-context.ts';
import { useKnownPhones } from '../phones-context.ts';
import { clockOf, nameOf, spelled } from '../words.ts';
import { BehaviourPart } from './BehaviourPart.tsx';
import { CallPart } from './CallPart.tsx';

/** One telephone: whose it is, what it does when it rings, and the call it is in. */
export function PhoneCard({ phone }: { readonly phone: Phone }) {
  const id = useId();
  const { view, actions, known } = useKnownPhones();
  const { number, owner, behaviour, call } = phone;
  const ended = view.ended[number];
  const ringsHere = call?.state === 'ringing' && behaviour.type === 'ring';
  return (
    <article class={`phone${call ? ' is-busy' : ''}${ringsHere ? ' is-ringing' : ''}`} aria-labelledby={id}>
      <header class="phone-head">
        <PhoneAvatar owner={owner} />
        <div class="phone-who">
          <h3 id={id} dir="auto">
            {owner ?? 'Somebody'}
          </h3>
          <p class="phone-number">{spelled(number)}</p>
        </div>
        {!call && (
          <button type="button" class="button" onClick={() => void actions.call(number, known.parley)}>
            <PhoneIcon />
            Call Parley
          </button>
        )}
      </header>
      {call && <CallPart phone={phone} call={call} />}
      {ended && (
        <p class="phone-ended" role="status">
          {ended.talkedMs === null
            ? `The call with ${nameOf(known, ended.with)} was not answered.`
            : `The call with ${nameOf(known, ended.with)} is over, after ${clockOf(ended.talkedMs)}.`}
        </p>
      )}
      <BehaviourPart phone={phone} />
    </article>
  );
}

/** In the colour of the person in the workspace who has this telephone, if it is somebody there. */
function PhoneAvatar({ owner }: { readonly owner: string | null }) {
  const person = useWorkspace().state.workspace?.people.find(({ realName }) => realName === owner);
  return (
    <span
      class="phone-avatar"
      style={person ? { backgroundColor: behindInitials(person.colour), color: '#fff' } : undefined}
      aria-hidden="true"
    >
      {person ? initialsOf(person.realName) : <PhoneIcon />}
    </span>
  );
}
