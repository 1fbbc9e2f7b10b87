import { PhoneDownIcon, PhoneIcon } from '../../parts/icons.tsx';
import { useWorkspace } from '../../workspace-context.ts';
import { usePhones } from '../phones-context.ts';
import { findPhone, type PhonesView, ringingHere } from '../state.ts';
import { nameOf, telephoneOf } from '../words.ts';
import { Elapsed } from './Elapsed.tsx';

/** Wherever in the page somebody is: the telephone that rings, or the one in hand. */
export function CallBar() {
  const { view, actions } = usePhones();
  const { state, actions: workspace } = useWorkspace();
  const shown = barOf(view);
  const isHere = state.place.kind === 'phones';
  return (
    <>
      <div className="for-readers" role="status">
        {shown?.rings && `${telephoneOf(shown.phone)} rings.`}
      </div>
      {shown && !isHere && (
        <section className={shown.rings ? 'call-bar is-ringing' : 'call-bar'} aria-label="Telephone">
          <span className="call-mark" aria-hidden="true">
            <PhoneIcon />
          </span>
          <button type="button" className="call-bar-text" onClick={() => workspace.go({ kind: 'phones' })}>
            <b dir="auto">{telephoneOf(shown.phone)}</b>
            <small>
              {shown.rings ? `${shown.other} is calling` : `In a call with ${shown.other}`}
              {' · '}
              <Elapsed sinceMs={shown.phone.call.sinceMs} />
            </small>
          </button>
          {shown.rings && (
            <button
              type="button"
              className="button is-answer"
              onClick={() => void actions.answer(shown.phone.number)}
            >
              Answer
            </button>
          )}
          <button
            type="button"
            className="button is-danger is-solid"
            onClick={() => void actions.hangUp(shown.phone.number)}
          >
            <PhoneDownIcon />
            {shown.rings ? 'Refuse' : 'Hang up'}
          </button>
        </section>
      )}
    </>
  );
}

function barOf(view: PhonesView) {
  const ringing = ringingHere(view)[0];
  const held = view.inHand ? findPhone(view, view.inHand.number) : undefined;
  const phone = ringing ?? (held?.call ? { ...held, call: held.call } : undefined);
  if (!phone || !view.known) return null;
  return { phone, rings: ringing !== undefined, other: nameOf(view.known, phone.call.with) };
}
