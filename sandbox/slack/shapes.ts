import type { Channel, FileRecord, Json, Message, User } from './types.ts';
import type { Workspace } from './workspace.ts';

/** Records in Slack's wire format. */

export const slackMessage = (workspace: Workspace, message: Message): Json => {
  const app = workspace.app();
  const replies =
    message.ephemeralTo === undefined ? workspace.store.messages.replies(message.channel, message.ts) : null;
  return {
    type: 'message',
    ...(message.subtype === undefined ? {} : { subtype: message.subtype }),
    // Slack signs a tombstone itself.
    user: message.deleted ? 'USLACKBOT' : message.user,
    ...(message.botId === undefined
      ? {}
      : {
          bot_id: message.botId,
          app_id: message.otherApp === undefined ? app.appId : 'A0OTHER',
          bot_profile: {
            id: message.botId,
            app_id: message.otherApp === undefined ? app.appId : 'A0OTHER',
            name: message.otherApp ?? app.name,
            deleted: false,
            updated: 0,
            team_id: workspace.team().id,
          },
        }),
    ts: message.ts,
    text: message.text,
    team: workspace.store.directory.user(message.user)?.elsewhere?.teamId ?? workspace.team().id,
    ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
    ...(message.threadTs === undefined || message.threadTs === message.ts
      ? {}
      : { parent_user_id: parentUser(workspace, message) }),
    ...(message.blocks === undefined ? {} : { blocks: message.blocks }),
    ...(message.fileIds === undefined
      ? {}
      : { files: slackFiles(workspace, message), upload: false, display_as_bot: false }),
    ...(message.forwards === undefined ? {} : { attachments: [forwarded(workspace, message.forwards)] }),
    ...(message.edited === undefined ? {} : { edited: message.edited }),
    ...(message.reactions === undefined || message.reactions.length === 0
      ? {}
      : { reactions: message.reactions.map((one) => ({ ...one, count: one.users.length })) }),
    ...(replies === null || replies.count === 0
      ? {}
      : {
          thread_ts: message.ts,
          reply_count: replies.count,
          reply_users: replies.users,
          reply_users_count: replies.users.length,
          latest_reply: replies.latest,
          is_locked: false,
          subscribed: true,
        }),
  };
};

/** A forwarded message, which is an attachment of the one that forwards it. */
const forwarded = (workspace: Workspace, { channel, ts }: NonNullable<Message['forwards']>): Json => {
  const message = workspace.store.messages.get(channel, ts);
  const url = `${workspace.url()}/archives/${channel}/p${ts.replace('.', '')}`;
  if (message === null || message.deleted) return { id: 1, is_share: true, fallback: '', from_url: url };
  return {
    id: 1,
    ts,
    channel_id: channel,
    channel_team: workspace.team().id,
    is_msg_unfurl: true,
    is_share: true,
    author_id: message.user,
    author_subname: workspace.store.directory.user(message.user)?.displayName ?? '',
    text: message.text,
    fallback: message.text,
    from_url: url,
    mrkdwn_in: ['text'],
    footer: 'Slack Conversation',
    ...(message.fileIds === undefined ? {} : { files: slackFiles(workspace, message) }),
  };
};

/** The same with its metadata, which Slack includes only on request. */
export const slackMessageWithMetadata = (workspace: Workspace, message: Message): Json => ({
  ...slackMessage(workspace, message),
  ...(message.metadata === undefined ? {} : { metadata: message.metadata }),
});

const parentUser = (workspace: Workspace, message: Message): string | undefined =>
  workspace.store.messages.get(message.channel, message.threadTs ?? '')?.user;

export const slackFiles = (workspace: Workspace, message: Message): Json[] =>
  (message.fileIds ?? []).flatMap((id) => {
    const file = workspace.store.files.get(id);
    return file === null ? [] : [fileObject(workspace, file)];
  });

/** A file by itself. Within a message, Slack leaves out where it is shared. */
export const slackFile = (workspace: Workspace, file: FileRecord): Json => ({
  ...fileObject(workspace, file),
  ...(file.state === 'deleted' ? {} : sharesOf(workspace, file)),
});

const fileObject = (workspace: Workspace, file: FileRecord): Json => {
  if (file.state === 'deleted') return { id: file.id, mode: 'tombstone' };
  const team = workspace.team();
  const name = encodeURIComponent(file.name);
  const base = `${workspace.url()}/files-pri/${team.id}-${file.id}`;
  const [major] = file.mimetype.split('/');
  return {
    id: file.id,
    created: file.createdSec,
    timestamp: file.createdSec,
    name: file.name,
    title: file.title,
    mimetype: file.mimetype,
    filetype: file.filetype,
    pretty_type: file.filetype.toUpperCase(),
    user: file.user,
    user_team: team.id,
    editable: false,
    size: file.size,
    mode: 'hosted',
    is_external: false,
    external_type: '',
    is_public: file.shares.length > 0,
    public_url_shared: false,
    display_as_bot: false,
    username: '',
    url_private: `${base}/${name}`,
    url_private_download: `${base}/download/${name}`,
    ...(major === 'audio' || major === 'video' ? { media_display_type: major } : {}),
    ...(file.image === undefined
      ? {}
      : { original_w: file.image.width, original_h: file.image.height, thumb_360: `${base}/${name}` }),
    ...(file.altText === undefined ? {} : { alt_txt: file.altText }),
    permalink: `${workspace.url()}/files/${file.user}/${file.id}/${name}`,
    permalink_public: `${workspace.url()}/files-pub/${team.id}-${file.id}`,
    is_starred: false,
    has_rich_preview: false,
    file_access: 'visible',
    comments_count: 0,
  };
};

const sharesOf = (workspace: Workspace, file: FileRecord): Json => {
  const shares: Record<'public' | 'private', Record<string, Json[]>> = { public: {}, private: {} };
  for (const share of file.shares) {
    const channel = workspace.store.directory.channel(share.channel);
    const place = shares[channel?.kind === 'im' ? 'private' : 'public'];
    place[share.channel] = [
      ...(place[share.channel] ?? []),
      {
        ts: share.ts,
        channel_name: channel?.name ?? '',
        team_id: workspace.team().id,
        share_user_id: file.user,
        source: 'UNKNOWN',
        reply_users: [],
        reply_users_count: 0,
        reply_count: 0,
        ...(share.threadTs === undefined ? {} : { thread_ts: share.threadTs }),
      },
    ];
  }
  const present = Object.entries(shares).filter(([, channels]) => Object.keys(channels).length > 0);
  return {
    shares: Object.fromEntries(present),
    channels: Object.keys(shares.public),
    groups: [],
    ims: Object.keys(shares.private),
  };
};

export const slackUser = (workspace: Workspace, user: User): Json => {
  return {
    id: user.id,
    ...belonging(workspace, user),
    name: user.name,
    deleted: false,
    color: user.colour.replace('#', ''),
    real_name: user.realName,
    tz: user.timeZone,
    tz_label: 'Greenwich Mean Time',
    tz_offset: 0,
    profile: { ...slackProfile(workspace, user), team: user.elsewhere?.teamId ?? workspace.team().id },
    is_admin: user.isAdmin === true,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: false,
    is_ultra_restricted: false,
    is_bot: user.isBot,
    is_app_user: false,
    updated: 0,
  };
};

/** In which workspace a person is. Of people of another workspace of the same Grid, Slack may give no `team_id`. */
const belonging = (workspace: Workspace, { id, elsewhere }: User): Json => {
  const { id: here, enterprise } = workspace.team();
  const teamId = elsewhere?.teamId ?? here;
  if (elsewhere?.kind === 'another-organization') return { team_id: teamId, is_stranger: false };
  if (enterprise === undefined) return { team_id: teamId };
  return {
    ...(elsewhere === undefined ? { team_id: teamId } : { teams: [teamId] }),
    enterprise_user: {
      id,
      enterprise_id: enterprise.id,
      enterprise_name: enterprise.name,
      is_admin: false,
      is_owner: false,
      teams: [teamId],
    },
  };
};

export const slackProfile = (workspace: Workspace, user: User): Json => ({
  real_name: user.realName,
  real_name_normalized: user.realName,
  display_name: user.displayName,
  display_name_normalized: user.displayName,
  title: '',
  phone: user.phone ?? '',
  ...(user.isBot ? { bot_id: workspace.app().botId, api_app_id: workspace.app().appId } : {}),
});

export const slackChannel = (workspace: Workspace, channel: Channel): Json => {
  const { directory } = workspace.store;
  const common = {
    id: channel.id,
    created: channel.createdSec,
    is_archived: channel.archived === true,
    is_org_shared: false,
  };
  if (channel.kind === 'im') return { ...common, is_im: true, user: channel.imWith };
  return {
    ...common,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: true,
    is_group: false,
    is_im: false,
    is_mpim: false,
    is_private: false,
    is_general: channel.name === 'general',
    is_shared: false,
    is_ext_shared: false,
    is_member: directory.isMember(channel.id, workspace.app().botUserId),
    creator: channel.creator,
    context_team_id: workspace.team().id,
    topic: { value: channel.topic, creator: channel.creator, last_set: channel.createdSec },
    purpose: { value: '', creator: '', last_set: 0 },
    num_members: directory.members(channel.id).length,
  };
};
