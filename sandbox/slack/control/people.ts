import { ControlError } from '../../common/control/errors.ts';
import { newId } from '../ids.ts';
import type { Elsewhere, User } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import type { PersonRequest } from './contract.ts';

/** Adds a person, of this workspace or of elsewhere. The first of another workspace puts this one into a Grid. */
export const addPerson = (workspace: Workspace, { elsewhere, ...request }: PersonRequest): User => {
  const { directory } = workspace.store;
  if (directory.users().some(({ name }) => name === request.name)) {
    throw new ControlError(409, `Someone here is called ${request.name} already.`);
  }
  const user: User = {
    ...request,
    id: newId(elsewhere === 'another-workspace' ? 'W' : 'U'),
    displayName: request.realName,
    colour: '#56b4e9',
    isBot: false,
    timeZone: 'Europe/London',
    ...(elsewhere === undefined ? {} : { elsewhere: placeOf(workspace, elsewhere) }),
  };
  directory.saveUser(user);
  return user;
};

const placeOf = ({ store, team }: Workspace, kind: Elsewhere['kind']): Elsewhere => {
  const known = store.directory.users().find(({ elsewhere }) => elsewhere?.kind === kind)?.elsewhere;
  if (kind === 'another-workspace' && team().enterprise === undefined) {
    store.settings.saveTeam({ ...team(), enterprise: { id: newId('E'), name: 'Local organization' } });
  }
  return known ?? { kind, teamId: newId('T') };
};
