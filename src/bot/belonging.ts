import { z } from 'zod';

const flag = z.boolean().nullish();
const teams = z.array(z.string()).nullish();

/** What Parley reads of Slack's user object. @see https://docs.slack.dev/reference/objects/user-object */
export const SlackUser = z.object({
  name: z.string().nullish(),
  real_name: z.string().nullish(),
  profile: z.object({ display_name: z.string().nullish(), real_name: z.string().nullish() }).nullish(),
  deleted: flag,
  is_admin: flag,
  is_owner: flag,
  /** Their workspace; in an Enterprise Grid perhaps the Grid, or missing. */
  team_id: z.string().nullish(),
  teams,
  /** Of another organization, and in no channel that the app can see. */
  is_stranger: flag,
  /** Of members of an Enterprise Grid, whichever that is. */
  enterprise_user: z
    .object({ enterprise_id: z.string().nullish(), is_admin: flag, is_owner: flag, teams })
    .nullish(),
});
export type SlackUser = z.infer<typeof SlackUser>;

/** Parley's own workspace, and the Enterprise Grid that it is in. */
interface Installation {
  readonly teamId: string;
  readonly enterpriseId?: string;
}

/** Every workspace that Slack says they are in. */
const workspacesOf = ({ team_id, teams, enterprise_user }: SlackUser): readonly string[] => [
  ...(team_id ? [team_id] : []),
  ...(teams ?? []),
  ...(enterprise_user?.teams ?? []),
];

/**
 * Slack says it of no one in so many words: `is_stranger` is about those alone whom the app cannot see. So it follows
 * from their workspace and Grid. Of whom neither is known, nothing says that they are of elsewhere.
 */
export const isOfAnotherOrganization = (user: SlackUser, { teamId, enterpriseId }: Installation): boolean => {
  if (user.is_stranger === true) return true;
  const workspaces = workspacesOf(user);
  if (workspaces.includes(teamId)) return false;
  const grid = user.enterprise_user?.enterprise_id;
  if (enterpriseId !== undefined && (grid === enterpriseId || workspaces.includes(enterpriseId)))
    return false;
  return workspaces.length > 0 || Boolean(grid);
};

/** Whether `is_admin` is about Parley's workspace: in a Grid a person may be an admin of another one. */
export const belongsToWorkspace = (user: SlackUser, { teamId, enterpriseId }: Installation): boolean => {
  if (user.team_id && user.team_id !== enterpriseId) return user.team_id === teamId;
  const workspaces = [...(user.teams ?? []), ...(user.enterprise_user?.teams ?? [])];
  return workspaces.length === 0 || workspaces.includes(teamId);
};
