import { useId, useState } from 'preact/hooks';
import { parseNumber } from '../numbers.ts';
import { usePhoneNetwork } from '../phones-context.ts';
import { addPhone } from '../sentences.ts';

/** Adds a demo phone with any number. */
export function AddPhoneForm() {
  const id = useId();
  const { actions, network } = usePhoneNetwork();
  const [typed, setTyped] = useState('');
  const [owner, setOwner] = useState('');
  const [problem, setProblem] = useState<string | null>(null);

  const add = async (event: SubmitEvent) => {
    event.preventDefault();
    const number = parseNumber(typed);
    const found = problemWith(number, network);
    setProblem(found);
    if (number === null || found !== null) return;
    const name = owner.trim();
    if (await actions.set(number, { behaviour: { type: 'ring' }, ...(name ? { owner: name } : {}) })) {
      setTyped('');
      setOwner('');
    }
  };
  return (
    <form
      class="phone is-new"
      aria-labelledby={`${id}-title`}
      noValidate
      onSubmit={(event) => void add(event)}
    >
      <h3 id={`${id}-title`}>{addPhone.title}</h3>
      <div class={problem ? 'phone-field has-error' : 'phone-field'}>
        <label for={`${id}-number`}>{addPhone.number}</label>
        <input
          id={`${id}-number`}
          class="text-input"
          type="tel"
          placeholder="+44 20 7946 0199"
          autoComplete="off"
          value={typed}
          aria-invalid={problem !== null}
          aria-describedby={problem ? `${id}-problem` : undefined}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        {problem && (
          <p id={`${id}-problem`} class="phone-problem" role="alert">
            {problem}
          </p>
        )}
      </div>
      <div class="phone-field">
        <label for={`${id}-owner`}>{addPhone.owner}</label>
        <input
          id={`${id}-owner`}
          class="text-input"
          autoComplete="off"
          maxLength={200}
          value={owner}
          onInput={({ currentTarget }) => setOwner(currentTarget.value)}
        />
      </div>
      <button type="submit" class="button">
        {addPhone.add}
      </button>
    </form>
  );
}

function problemWith(
  number: string | null,
  network: ReturnType<typeof usePhoneNetwork>['network'],
): string | null {
  if (number === null) return addPhone.invalid;
  if (number === network.parley) return addPhone.isParley;
  if (network.phones.some((phone) => phone.number === number)) return addPhone.exists;
  return null;
}
