/** What `npm run doctor -- --try CHANNEL` prints, and for a moment posts. */

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

export const TRIAL = {
  /** Posted in the channel. */
  root: 'Parley is checking what works in this channel. Everything here is deleted in a moment.',
  note: 'Parley is checking whether only you see this. Nothing to do.',
  title: 'Check of Parley',
  chart: 'A chart of one pixel',
  fileLine: 'Parley is checking whether it can share and download files.',

  steps: {
    workspace: 'Workspace',
    channel: 'Channel',
    message: 'Message',
    chart: 'Chart',
    result: 'Result',
    reading: 'Reading back',
    note: 'For one person',
    file: 'File',
    download: 'Download',
    home: 'Home tab',
    blocks: 'blocks.validate',
    deleting: 'Deleting a file',
    cleanUp: 'Clean-up',
  },

  workspace: (name: string, bot: string, grid: string | null): string =>
    `${bot} in ${name}${grid === null ? '' : `, in the Enterprise Grid ${grid}`}`,
  wholeOrganization: 'the app is installed for a whole organization',
  wholeOrganizationAdvice: 'Install it in one workspace: Parley serves one.',
  channel: (id: string, shared: 'organization' | 'external' | null): string =>
    ({
      none: id,
      organization: `${id}, shared with other workspaces of the organization`,
      external: `${id}, shared with other organizations`,
    })[shared ?? 'none'],
  noChannel: (name: string): string => `Parley is in no channel called ${name}`,
  noChannelAdvice: 'Invite it there with /invite @Parley, or give the id of the channel (C…).',
  posted: 'posted in the channel, with metadata',
  processed: (ms: number): string => `uploaded without being shared, and processed after ${ms} ms`,
  edited: (blocks: number, characters: number): string =>
    `a message was edited into ${blocks} blocks with the unshared chart, and ${characters} characters of Japanese text`,
  editedLess: (code: string, what: string): string =>
    `Slack refuses the whole (${code}), and takes it ${what}`,
  editedLessAdvice: 'Parley posts results in that form where it has to.',
  withoutChart: 'without the chart',
  withShortText: 'with a shorter text',
  readBack: (blocks: number): string => `text, metadata and ${blocks} blocks came back as they were sent`,
  readBackOther: (differences: string): string => `not what was sent: ${differences}`,
  differences: {
    gone: 'the message is missing',
    metadata: 'no metadata, by which Parley finds a message again after a crash',
    text: (length: number, sent: number): string => `${length} of ${sent} characters of text`,
    blocks: (count: number, sent: number): string => `${count} of ${sent} blocks`,
  },
  noted: (person: string): string => `${person} was sent a message in the thread; ask whether they saw it`,
  noPerson: 'no person was found in the channel to send something to',
  shared: (ms: number): string => `in the thread after ${ms} ms`,
  notShared: 'Slack accepted the file, and it is not in the thread',
  downloaded: (bytes: number, hosts: readonly string[]): string =>
    `${bytes} bytes over ${hosts.join(', then ')}`,
  damaged: (received: number, sent: number): string => `${received} bytes came back for ${sent}, or others`,
  home: (person: string): string => `published for ${person}, empty until they open it again`,
  valid: 'takes the result and the Home tab',
  noValidator: 'not available here',
  fileGone: 'gone at once',
  fileStays: 'Slack accepted the request, and still has the file',
  cleanedUp: (messages: number, files: number): string =>
    `${counted(messages, 'message')} and ${counted(files, 'file')} deleted`,
  notCleanedUp: (reason: string): string => `not everything was deleted: ${reason}`,
  notCleanedUpAdvice: 'Delete what is left in the channel by hand.',
  notTried: (needs: string): string => `not tried, since it needs: ${needs}`,
  stopped: 'not tried, since you stopped the check',
  failed: (sentence: string, code: string | null): string =>
    `${sentence.replace(/\.$/, '')}${code === null ? '' : ` (${code})`}`,
} as const;
