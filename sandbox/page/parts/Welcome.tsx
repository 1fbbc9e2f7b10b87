import type { WorkspaceState } from '../../slack/control/contract.ts';
import { usePhones } from '../phones/phones-context.ts';
import { spelled } from '../phones/words.ts';
import { useWorkspace } from '../workspace-context.ts';
import { PlayIcon } from './icons.tsx';

/** The beginning of a channel: something to try at once, and what here is real. */
interface WelcomeProps {
  readonly channel: WorkspaceState['channels'][number];
  /** Nobody has written here yet: everything there is to know is shown at once. */
  readonly isFirst: boolean;
}

export function Welcome({ channel, isFirst }: WelcomeProps) {
  const { state, actions } = useWorkspace();
  const { workspace } = state;
  if (!workspace) return null;
  const post = (name: string) =>
    void actions.post({ channel: channel.id, as: state.me, text: '', files: [`sample:${name}`] });
  return (
    <section class="welcome" aria-label="About this channel">
      <h3>This is the start of #{channel.name}</h3>
      <p>
        Post a recording and {workspace.bot.name} answers in its thread: who said what, and who spoke how
        much. Drop a file anywhere on this page, or try one that is here already.
      </p>
      {!channel.botIsMember && (
        <p class="welcome-note">
          {workspace.bot.name} is not a member of this channel: it hears nothing here until somebody types{' '}
          <code>/invite @{workspace.bot.name}</code>.
        </p>
      )}
      <div class="samples">
        {workspace.samples.map((sample) => (
          <button key={sample.name} type="button" class="sample" onClick={() => post(sample.name)}>
            <span class="sample-play">
              <PlayIcon />
            </span>
            <span>
              <b>Try it: {sample.title}</b>
              <small>{sample.description}</small>
            </span>
          </button>
        ))}
      </div>
      <PhonesHint />
      <Providers open={isFirst} />
    </section>
  );
}

/** Where `/call` has somebody to ring. */
function PhonesHint() {
  const { state, actions } = useWorkspace();
  const phones = usePhones().view.known?.phones ?? [];
  // One that answers by itself, so that a first call is a conversation.
  const phone = phones.find(({ behaviour }) => behaviour.type === 'answer') ?? phones[0];
  const has = (name: string) => state.workspace?.commands.some(({ command }) => command === name);
  if (!phone || !has('/call')) return null;
  return (
    <p class="welcome-phones">
      {has('/meet') && (
        <>
          Or meet: <code>/meet</code>; two tabs are two people.{' '}
        </>
      )}
      Or ring somebody: <code>/call {spelled(phone.number)}</code>. All{' '}
      <button type="button" class="link-button" onClick={() => actions.go({ kind: 'phones' })}>
        telephones of this workspace
      </button>{' '}
      exist only here.
    </p>
  );
}

function Providers({ open }: { open: boolean }) {
  const providers = useWorkspace().state.workspace?.providers ?? [];
  const standIns = providers.filter(({ simulated }) => simulated).length;
  if (providers.length === 0) return null;
  return (
    <details class="providers" open={open}>
      <summary>
        {standIns === 0
          ? 'Everything here is real'
          : `What is a stand-in here (${standIns} of ${providers.length})`}
      </summary>
      <p>A stand-in becomes the real thing when its variables are set before the start.</p>
      <dl>
        {providers.map(({ name, simulated, how }) => (
          <div key={name}>
            <dt>
              {name}
              <span class={simulated ? 'tag' : 'tag is-real'}>{simulated ? 'stand-in' : 'real'}</span>
            </dt>
            <dd>{how}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
