/**
 * What went wrong in Slack, or on the way to it. `AppError` adds to what may pass by itself that Parley tries again, or
 * that the reader should.
 */
export const SLACK_ERRORS = {
  notInChannel: 'Parley isn’t in this channel. Invite it with “/invite @Parley”, then try again.',
  archived: 'This channel is archived. Use another one.',
  messageGone: 'The original message was deleted. Post the recording again.',
  fileGone: 'The file was deleted from Slack, or isn’t shared with Parley anymore. Post it again.',
  noFileAccess: 'Slack doesn’t let Parley read this file. Post it in a channel that Parley is in.',
  badToken: 'Slack doesn’t accept Parley’s token. Your Parley admin needs to renew it.',
  badAppToken: 'Slack doesn’t accept Parley’s app-level token. Your Parley admin needs to renew it.',
  trouble: 'Slack is having problems right now.',
  unreachable: 'Parley can’t reach Slack right now.',
  slowDown: 'Slack is limiting how much Parley can post right now.',
  edit: 'Slack doesn’t let Parley change this message anymore.',
  form: 'Slack didn’t accept a message from Parley. Tell your Parley admin.',
  unknownPerson: 'Slack doesn’t show this person to Parley.',
  tooSlow: 'That took too long to open. Click again.',
  refused: 'Slack refused this request. Tell your Parley admin.',
  notUnderstood: 'Slack sent a response that Parley doesn’t understand.',
  /** `scopes`: Slack's names of what is missing; null when it does not say. */
  missingScope: (scopes: string | null): string =>
    `Parley lacks a permission in Slack${scopes === null ? '' : ` (${scopes})`}. ` +
    'Ask a workspace admin to reinstall the app with it.',
} as const;

export const FILE_ERRORS = {
  external: 'This file isn’t stored in Slack. Upload the file itself.',
  redirected: 'Slack couldn’t find this file. Post it again.',
  outOfReach: 'Slack keeps this file on a server that Parley can’t open. Tell your Parley admin.',
  noScope:
    'Parley can’t read files in Slack. Ask a workspace admin to reinstall it with the “files:read” permission.',
  unavailable: 'Slack can’t provide the file right now.',
  tooLarge: 'This recording is larger than 2 GB. Split it and post the parts.',
  interrupted: 'The download from Slack was interrupted.',
  uploadFailed: 'Slack didn’t accept a file from Parley.',
} as const;

/** Why Parley cannot work in a channel. */
export const MEMBERSHIP = {
  directMessage: (action: string): string =>
    `Parley can’t join a conversation between two people. ${action} in a channel instead.`,
  notMember: SLACK_ERRORS.notInChannel,
  startMeeting: 'Start the meeting',
  call: 'Call',
} as const;

export const TRANSCRIBE = {
  /** `command`: as it was typed. */
  noLink: (command: string): string =>
    `That isn’t a link that Parley can open. Type ${command} and a full link to a recording, starting with https://.`,
  hasCredentials:
    'That link contains a username or password that everyone here would see. Use a link without them.',
  nothingThere: 'This message has no file or link to transcribe. Choose a message with a recording.',
  /** Posted for the channel. */
  requested: (memberId: string, link: string): string => `<@${memberId}> asked for a transcript of ${link}`,
} as const;
