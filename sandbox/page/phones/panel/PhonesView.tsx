import { ViewHeader } from '../../ui/ViewHeader.tsx';
import { typedCommand } from '../../workspace/typed-command.ts';
import { useWorkspace } from '../../workspace/workspace-context.ts';
import { formatNumber } from '../numbers.ts';
import { usePhones } from '../phones-context.ts';
import { panel } from '../sentences.ts';
import { AddPhoneForm } from './AddPhoneForm.tsx';
import { PhoneCard } from './PhoneCard.tsx';

/** Every demo phone of the workspace: to answer, to talk into, and to call Parley with. */
export function PhonesView({ onMenu }: { readonly onMenu: () => void }) {
  const { network } = usePhones().state;
  const first = network?.phones[0];
  const call = typedCommand(useWorkspace().state.workspace?.commands ?? [], 'call');
  return (
    <main class="view">
      <ViewHeader title={panel.title} detail={panel.detail} onMenu={onMenu} />
      <div class="phones">
        {network ? (
          <>
            <div class="phones-intro">
              <p>{panel.intro}</p>
              <dl>
                {first && call !== null && (
                  <div>
                    <dt>{panel.callOne}</dt>
                    <dd>
                      <code>{`${call} ${formatNumber(first.number)}`}</code>
                    </dd>
                  </div>
                )}
                <div>
                  <dt>{panel.dialIn}</dt>
                  <dd>
                    <code>{formatNumber(network.parley)}</code>
                  </dd>
                </div>
              </dl>
            </div>
            <div class="phones-list">
              {network.phones.map((phone) => (
                <PhoneCard key={phone.number} phone={phone} />
              ))}
              <AddPhoneForm />
            </div>
          </>
        ) : (
          <p class="empty" role="status">
            {panel.none}
          </p>
        )}
      </div>
    </main>
  );
}
