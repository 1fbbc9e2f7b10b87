import { PlaceHeader } from '../../parts/PlaceHeader.tsx';
import { usePhones } from '../phones-context.ts';
import { spelled } from '../words.ts';
import { AnotherPhone } from './AnotherPhone.tsx';
import { PhoneCard } from './PhoneCard.tsx';

/** Every telephone of the workspace: to be rung, answered, talked into, and to ring Parley with. */
export function PhonesView({ onMenu }: { readonly onMenu: () => void }) {
  const { known } = usePhones().view;
  const first = known?.phones[0];
  return (
    <main class="place">
      <PlaceHeader title="Phones" detail="They exist only here" onMenu={onMenu} />
      <div class="phones">
        {known ? (
          <>
            <div class="phones-intro">
              <p>
                These telephones exist only here: no real one ever rings. A call to one of their numbers rings
                on this page, and you can answer it and talk.
              </p>
              <dl>
                {first && (
                  <div>
                    <dt>Ring one of them, from a channel</dt>
                    <dd>
                      <code>/call {spelled(first.number)}</code>
                    </dd>
                  </div>
                )}
                <div>
                  <dt>Parley’s own number, to dial in</dt>
                  <dd>
                    <code>{spelled(known.parley)}</code>
                  </dd>
                </div>
              </dl>
            </div>
            <div class="phones-list">
              {known.phones.map((phone) => (
                <PhoneCard key={phone.number} phone={phone} />
              ))}
              <AnotherPhone />
            </div>
          </>
        ) : (
          <p class="empty" role="status">
            There are no telephones in this workspace.
          </p>
        )}
      </div>
    </main>
  );
}
