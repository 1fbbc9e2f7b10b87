import { describe, expect, test } from 'vitest';
import { belongsToWorkspace, isOfAnotherOrganization, SlackUser } from '../../src/bot/belonging.ts';

const ALONE = { teamId: 'T1' };
const IN_GRID = { teamId: 'T1', enterpriseId: 'E1' };
const ofGrid = (enterprise_id: string, ...teams: string[]) => ({ enterprise_user: { enterprise_id, teams } });

describe.each([
  // [who, what users.info says, where Parley is, of another organization, admin of Parley's workspace if is_admin]
  ['a member', { team_id: 'T1' }, ALONE, false, true],
  ['someone of whom Slack says nothing', {}, ALONE, false, true],
  ['a guest of another organization', { team_id: 'T2' }, ALONE, true, false],
  [
    'a guest of another organization with a Grid',
    { team_id: 'T2', ...ofGrid('E2', 'T2') },
    ALONE,
    true,
    false,
  ],
  ['a guest of whom the Grid alone is known', ofGrid('E2'), IN_GRID, true, true],
  ['someone whom the app cannot see', { team_id: 'T1', is_stranger: true }, ALONE, true, true],
  ['a guest whom the app can see', { team_id: 'T2', is_stranger: false }, IN_GRID, true, false],
  ['a member in a Grid', { team_id: 'T1', ...ofGrid('E1', 'T1', 'T2') }, IN_GRID, false, true],
  ['a member in a Grid without a workspace of their own', ofGrid('E1', 'T2', 'T1'), IN_GRID, false, true],
  ['a member in a Grid, by its id', { team_id: 'E1', ...ofGrid('E1', 'T1') }, IN_GRID, false, true],
  [
    'a person of another workspace of the Grid',
    { team_id: 'T2', ...ofGrid('E1', 'T2') },
    IN_GRID,
    false,
    false,
  ],
  ['the same without team_id', { teams: ['T2'], ...ofGrid('E1', 'T2') }, IN_GRID, false, false],
  ['the same by the Grid’s id', { team_id: 'E1', teams: ['T2'] }, IN_GRID, false, false],
] as const)('%s', (_who, said, installation, external, admin) => {
  const user = SlackUser.parse(said);
  test(`${external ? 'is' : 'is not'} of another organization`, () => {
    expect(isOfAnotherOrganization(user, installation)).toBe(external);
  });
  test(`${admin ? 'may' : 'cannot'} be an admin here`, () => {
    expect(belongsToWorkspace(user, installation)).toBe(admin);
  });
});
