/**
 * What a setting of the workspace, its organisation or its plan does not allow: for the person who waits, and for an admin
 * of the workspace, who can change it.
 */
export interface PolicySentence {
  readonly member: string;
  readonly admin: string;
}

const askAdmin = (what: string, admin: string): PolicySentence => ({
  member: `${what} Ask a workspace admin to change that.`,
  admin: `${what} ${admin}`,
});

export const POLICIES = {
  uploadsOff: askAdmin(
    'File uploads are turned off in this workspace.',
    'To get files from Parley, allow them in the workspace’s settings.',
  ),
  imagesOnly: askAdmin(
    'Only images can be uploaded in this workspace.',
    'To get files from Parley, allow text files in the workspace’s settings.',
  ),
  fileType: askAdmin(
    'This type of file can’t be uploaded in this workspace.',
    'To get it from Parley, add it to the file types that the workspace’s settings allow.',
  ),
  fileSize: askAdmin(
    'This file is larger than this workspace allows.',
    'The limit is in the workspace’s settings for file uploads.',
  ),
  storageFull: {
    member: 'This workspace’s file storage is full. Ask a workspace admin to free some.',
    admin: 'This workspace’s file storage is full. Delete old files, or upgrade the plan.',
  },
  posting: {
    member: 'Parley can’t post in this channel. Ask a workspace admin, or use another channel.',
    admin:
      'Parley can’t post in this channel. Add it to those who can, in the channel’s posting permissions.',
  },
  readOnly: {
    member: 'Only some people can post in this channel, and Parley can’t. Use another channel.',
    admin: 'Only some people can post in this channel. Add Parley to them in its posting permissions.',
  },
  threadOnly: {
    member: 'This channel takes replies only, so Parley can’t post here. Use another channel.',
    admin: 'This channel takes replies only. To use Parley here, change its posting permissions.',
  },
  noThreads: {
    member: 'This channel has no threads, so Parley can’t answer here. Use another channel.',
    admin: 'This channel has no threads. To use Parley here, allow them in its posting permissions.',
  },
  locked: {
    member: 'This thread is locked, so Parley can’t answer here. Post again outside it.',
    admin: 'This thread is locked. Unlock it, or post again outside it.',
  },
  suspended: askAdmin(
    'Sending messages to this channel is turned off.',
    'It was turned off for the whole channel with your organization’s encryption keys.',
  ),
  notAllowed: askAdmin(
    'This workspace doesn’t let Parley do that.',
    'Check which permissions apps and their users have in the workspace’s settings.',
  ),
  notApproved: {
    member: 'Parley isn’t approved for this workspace. Ask a workspace admin to approve it.',
    admin:
      'Parley isn’t approved for this workspace. Approve it, or ask your organization’s admins to add it here.',
  },
  limitReached: {
    member: 'This workspace has reached the limit of messages on its plan.',
    admin: 'This workspace has reached the limit of messages on its plan. Upgrade it to go on.',
  },
  noDirectMessages: {
    member: 'Direct messages from Parley are turned off. Tell your Parley admin.',
    admin: 'Direct messages from Parley are turned off. Turn on the “Messages” tab in the app’s settings.',
  },
  connected: {
    member: 'An organization in this channel doesn’t allow that file. Use a channel without it.',
    admin:
      'An organization in this channel doesn’t allow that file in Slack Connect. Its admins can allow it.',
  },
  signIn: {
    member:
      'This workspace asks for another way to sign in, which Parley can’t take. Tell a workspace admin.',
    admin:
      'The workspace’s sign-in settings (SSO, two factors or networks) keep Parley out. Reinstall the app.',
  },
} as const satisfies Record<string, PolicySentence>;
