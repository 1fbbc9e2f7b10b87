import { useId, useState } from 'preact/hooks';
import { useKnownPhones } from '../phones-context.ts';
import { numberFrom } from '../words.ts';

/** A telephone with a number typed by hand: every number can be somebody's here. */
export function AnotherPhone() {
  const id = useId();
  const { actions, known } = useKnownPhones();
  const [typed, setTyped] = useState('');
  const [owner, setOwner] = useState('');
  const [problem, setProblem] = useState<string | null>(null);

  const add = async (event: SubmitEvent) => {
    event.preventDefault();
    const number = numberFrom(typed);
    const refused = refusalOf(number, known);
    setProblem(refused);
    if (number === null || refused !== null) return;
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
      <h3 id={`${id}-title`}>Another phone</h3>
      <div class={problem ? 'phone-field has-error' : 'phone-field'}>
        <label for={`${id}-number`}>Number</label>
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
        <label for={`${id}-owner`}>Whose it is (optional)</label>
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
        Add it
      </button>
    </form>
  );
}

function refusalOf(number: string | null, known: ReturnType<typeof useKnownPhones>['known']): string | null {
  if (number === null) return 'Write the number with its country, as in +44 20 7946 0199.';
  if (number === known.parley) return 'That is Parley’s own number.';
  if (known.phones.some((phone) => phone.number === number)) return 'That telephone is here already.';
  return null;
}
