import type { WorkspaceState } from '../../slack/control/contract.ts';
import { formatNumber } from '../phones/numbers.ts';
import { usePhones } from '../phones/phones-context.ts';
import { welcome } from '../sentences.ts';
import { PlayIcon } from '../ui/icons.tsx';
import { typedCommand } from '../workspace/typed-command.ts';
import { useWorkspace } from '../workspace/workspace-context.ts';

interface WelcomeProps {
  readonly channel: WorkspaceState['channels'][number];
  /** The channel has no messages yet: the list of services is open. */
  readonly isEmpty: boolean;
}

/** The start of a channel: samples to post, commands to try, and which services are simulated. */
export function Welcome({ channel, isEmpty }: WelcomeProps) {
  const { state, actions } = useWorkspace();
  const { workspace } = state;
  if (!workspace) return null;
  const post = (name: string) =>
    void actions.post({ channel: channel.id, as: state.me, text: '', files: [`sample:${name}`] });
  return (
    <section class="welcome" aria-label={welcome.label}>
      <h3>{welcome.title(channel.name)}</h3>
      <p>{welcome.intro(workspace.bot.name)}</p>
      {!channel.botIsMember && (
        <p class="welcome-note">
          {welcome.notAMember(workspace.bot.name)} <code>/invite @{workspace.bot.name}</code>.
        </p>
      )}
      <div class="samples">
        {workspace.samples.map((sample) => (
          <button key={sample.name} type="button" class="sample" onClick={() => post(sample.name)}>
            <span class="sample-play">
              <PlayIcon />
            </span>
            <span>
              <b>{welcome.trySample(sample.title)}</b>
              <small>{sample.description}</small>
            </span>
          </button>
        ))}
      </div>
      <CommandHints />
      <Services isOpen={isEmpty} />
    </section>
  );
}

/** How to start a meeting and a call; the call with the number of a demo phone. */
function CommandHints() {
  const { state, actions } = useWorkspace();
  const phones = usePhones().state.network?.phones ?? [];
  // A phone that answers by itself, so that a first call has two speakers.
  const phone = phones.find(({ behaviour }) => behaviour.type === 'answer') ?? phones[0];
  const commands = state.workspace?.commands ?? [];
  const meet = typedCommand(commands, 'meet');
  const call = phone === undefined ? null : typedCommand(commands, 'call');
  if (meet === null && call === null) return null;
  return (
    <p class="welcome-commands">
      {meet !== null && (
        <span>
          {welcome.meet.before} <code>{meet}</code>
          {welcome.meet.after}
        </span>
      )}
      {phone !== undefined && call !== null && (
        <span>
          {welcome.call.before} <code>{`${call} ${formatNumber(phone.number)}`}</code>
          {welcome.call.after}{' '}
          <button type="button" class="link-button" onClick={() => actions.navigate({ kind: 'phones' })}>
            {welcome.call.link}
          </button>
        </span>
      )}
    </p>
  );
}

function Services({ isOpen }: { readonly isOpen: boolean }) {
  const services = useWorkspace().state.workspace?.providers ?? [];
  const simulated = services.filter(({ simulated }) => simulated).length;
  if (services.length === 0) return null;
  return (
    <details class="services" open={isOpen}>
      <summary>{simulated === 0 ? welcome.allReal : welcome.simulated(simulated, services.length)}</summary>
      {simulated > 0 && <p>{welcome.howToReplace}</p>}
      <dl>
        {services.map(({ name, simulated, how }) => (
          <div key={name}>
            <dt>
              {name}
              <span class={simulated ? 'tag' : 'tag is-real'}>
                {simulated ? welcome.simulatedTag : welcome.realTag}
              </span>
            </dt>
            <dd>{how}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
