import { z } from 'zod';
import type { ChannelId, MemberId, WorkspaceId } from '../../core/ids.ts';
import type { Api } from '../api/api.ts';
import { isOfAnotherOrganization, SlackUser } from '../belonging.ts';
import { MEMBERSHIP } from '../sentences/errors.ts';
import { TRIAL } from '../sentences/trial.ts';
import { failed, type Outcome, ok, type Trial } from './step.ts';

const AuthTest = z.object({
  team: z.string(),
  team_id: z.string().transform((id) => id as WorkspaceId),
  user: z.string(),
  user_id: z.string(),
  enterprise_id: z.string().nullish(),
  is_enterprise_install: z.boolean().nullish(),
});
export type Installation = z.infer<typeof AuthTest>;

export const loadInstallation = (api: Api): Promise<Installation> => api.call('auth.test', {}, AuthTest);

export const describeInstallation = ({
  team,
  user,
  enterprise_id,
  is_enterprise_install,
}: Installation): Outcome =>
  is_enterprise_install === true
    ? { state: 'warning', message: TRIAL.wholeOrganization, advice: TRIAL.wholeOrganizationAdvice }
    : ok(TRIAL.workspace(team, user, enterprise_id ?? null));

const flag = z.boolean().nullish();
const Channel = z.object({
  channel: z.object({
    id: z.string().transform((id) => id as ChannelId),
    name: z.string().nullish(),
    creator: z.string().nullish(),
    is_member: flag,
    is_ext_shared: flag,
    is_org_shared: flag,
  }),
});
export type TrialChannel = z.infer<typeof Channel>['channel'];

const Page = z.object({
  channels: z.array(z.object({ id: z.string(), name: z.string().nullish() })),
  response_metadata: z.object({ next_cursor: z.string().optional() }).nullish(),
});
const PAGE = 200;
const PAGES = 50;

/** The channel by its id, or by its name among those that Parley is in; null where there is none. */
export const loadChannel = async (api: Api, where: string): Promise<TrialChannel | null> => {
  const id = /^[CG][A-Z0-9]{6,}$/.test(where) ? where : await findByName(api, where.replace(/^#/, ''));
  if (id === null) return null;
  return (await api.call('conversations.info', { channel: id }, Channel)).channel;
};

const findByName = async (api: Api, name: string): Promise<string | null> => {
  let cursor = '';
  for (let page = 0; page < PAGES; page += 1) {
    const { channels, response_metadata } = await api.call(
      'users.conversations',
      { types: 'public_channel,private_channel', limit: PAGE, ...(cursor === '' ? {} : { cursor }) },
      Page,
    );
    const found = channels.find((channel) => channel.name === name);
    if (found !== undefined) return found.id;
    cursor = response_metadata?.next_cursor ?? '';
    if (cursor === '') return null;
  }
  return null;
};

export const describeChannel = ({
  id,
  name,
  is_member,
  is_ext_shared,
  is_org_shared,
}: TrialChannel): Outcome => {
  if (is_member !== true) return failed(TRIAL.failed(MEMBERSHIP.notMember, null));
  const shared = is_ext_shared === true ? 'external' : is_org_shared === true ? 'organization' : null;
  return ok(TRIAL.channel(name ? `#${name}` : id, shared));
};

const History = z.object({
  messages: z.array(z.object({ user: z.string().nullish(), inviter: z.string().nullish() })),
});
const UserResponse = z.object({ user: SlackUser.extend({ is_bot: z.boolean().nullish() }) });

/**
 * Someone of the workspace to whom something can be shown: who wrote or invited lately, or who created the channel. Null
 * where none is found; nothing else depends on it.
 */
export const findPerson = async (
  api: Api,
  { id, creator }: TrialChannel,
  { team_id, enterprise_id }: Installation,
): Promise<Trial['person']> => {
  const { messages } = await api
    .call('conversations.history', { channel: id, limit: 15 }, History)
    .catch(() => ({ messages: [] }));
  const known = [...messages.flatMap(({ user, inviter }) => [user, inviter]), creator];
  const own = { teamId: team_id, ...(enterprise_id ? { enterpriseId: enterprise_id } : {}) };
  for (const candidate of new Set(known.filter((one) => typeof one === 'string'))) {
    const response = await api.call('users.info', { user: candidate }, UserResponse).catch(() => null);
    if (response === null) continue;
    const { user } = response;
    if (user.is_bot === true || user.deleted === true || isOfAnotherOrganization(user, own)) continue;
    return { id: candidate as MemberId, name: user.real_name || user.name || candidate };
  }
  return null;
};
