import { useId } from 'preact/hooks';
import type { Phone } from '../../../phones/control/contract.ts';
import { backgroundOf, initialsOf } from '../../ui/Avatar.tsx';
import { PhoneIcon } from '../../ui/icons.tsx';
import { useWorkspace } from '../../workspace/workspace-context.ts';
import { formatDuration, formatNumber, nameOfNumber } from '../numbers.ts';
import { usePhoneNetwork } from '../phones-context.ts';
import { call as callSentences, panel } from '../sentences.ts';
import { BehaviourMenu } from './BehaviourMenu.tsx';
import { CallSection } from './CallSection.tsx';

/** One phone: its owner, its call, and what it does when it rings. */
export function PhoneCard({ phone }: { readonly phone: Phone }) {
  const id = useId();
  const { state, actions, network } = usePhoneNetwork();
  const { number, owner, behaviour, call } = phone;
  const ended = state.ended[number];
  const ringsHere = call?.state === 'ringing' && behaviour.type === 'ring';
  return (
    <article class={`phone${call ? ' is-busy' : ''}${ringsHere ? ' is-ringing' : ''}`} aria-labelledby={id}>
      <header class="phone-head">
        <PhoneAvatar owner={owner} />
        <div class="phone-owner">
          <h3 id={id} dir="auto">
            {owner ?? panel.someone}
          </h3>
          <p class="phone-number">{formatNumber(number)}</p>
        </div>
        {!call && (
          <button type="button" class="button" onClick={() => void actions.call(number, network.parley)}>
            <PhoneIcon />
            {panel.callParley}
          </button>
        )}
      </header>
      {call && <CallSection phone={phone} call={call} />}
      {ended && (
        <p class="phone-ended" role="status">
          {ended.talkedMs === null
            ? callSentences.notAnswered(nameOfNumber(network, ended.with))
            : callSentences.ended(nameOfNumber(network, ended.with), formatDuration(ended.talkedMs))}
        </p>
      )}
      <BehaviourMenu phone={phone} />
    </article>
  );
}

/** Initials and colour of the owner where the workspace has a person of that name. */
function PhoneAvatar({ owner }: { readonly owner: string | null }) {
  const person = useWorkspace().state.workspace?.people.find(({ realName }) => realName === owner);
  return (
    <span
      class="phone-avatar"
      style={person ? { backgroundColor: backgroundOf(person.colour), color: '#fff' } : undefined}
      aria-hidden="true"
    >
      {person ? initialsOf(person.realName) : <PhoneIcon />}
    </span>
  );
}
