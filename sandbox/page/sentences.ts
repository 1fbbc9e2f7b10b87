/**
 * What people read on this page, apart from what the app itself sends. By surface, so that a surface can be read in one
 * go; strings of one word that stand beside their icon (Mute, Answer) are in the components.
 */

/** Errors and the state of the connection. */
export const status = {
  workspaceUnreachable: 'The workspace isn’t responding. Reconnecting…',
  requestFailed: (httpStatus: number) => `The workspace returned an error (${httpStatus}). Try again.`,
  appTimedOut: 'The app didn’t respond in time.',
  submissionTimedOut: 'The app didn’t respond in time. Nothing was submitted. Try again.',
  appDisconnected: (app: string) => `${app} is disconnected. It will reply once it’s back.`,
  failuresOn: (count: number) => (count === 1 ? '1 failure mode is on.' : `${count} failure modes are on.`),
  uploadRejected: (file: string) => `${file} wasn’t accepted. Try another file.`,
  uploadFailed: (file: string) => `${file} wasn’t uploaded: the workspace isn’t responding. Add it again.`,
  uploadCancelled: 'The upload was cancelled.',
} as const;

/** The list of channels, the app and the people. */
export const sidebar = {
  channels: 'Channels',
  apps: 'Apps',
  close: 'Close the list of channels',
  open: 'Show channels',
  newMessages: 'New messages',
  connected: 'connected',
  disconnected: 'disconnected',
  switchPerson: (name: string) => `You are ${name}. Switch person`,
  youAre: 'You are',
  failureModes: 'Failure modes',
  phones: 'Phones',
} as const;

/** The start of a channel. */
export const welcome = {
  label: 'About this channel',
  title: (channel: string) => `This is the start of #${channel}`,
  intro: (app: string) =>
    `Post a recording, and ${app} replies in a thread with the transcript and talk time. Drop a file anywhere on this page, or try a sample.`,
  notAMember: (app: string) => `${app} isn’t in this channel. Add it with`,
  trySample: (title: string) => `Try it: ${title}`,
  /** Around `/parley meet`. */
  meet: { before: 'Meet:', after: ' (open a second tab to be a second person)' },
  /** Around `/parley call +44 …`, with a link to the phones panel. */
  call: { before: 'Call:', after: '', link: 'See the demo phones' },
  allReal: 'All services are real',
  simulated: (count: number, total: number) => `Simulated services (${count} of ${total})`,
  howToReplace: 'To use the real service, set its variables and restart.',
  simulatedTag: 'simulated',
  realTag: 'real',
} as const;

/** Messages, threads and the message box. */
export const messages = {
  inChannel: (channel: string) => `Messages in ${channel}`,
  inThread: 'Messages in the thread',
  thread: 'Thread',
  closeThread: 'Close the thread',
  newBelow: 'New messages',
  deleted: 'This message was deleted.',
  edited: '(edited)',
  onlyYou: 'Only visible to you',
  actions: 'Message actions',
  moreActions: 'More message actions',
  replyInThread: 'Reply in thread',
  replies: (count: number) => (count === 1 ? '1 reply' : `${count} replies`),
  lastReply: (time: string) => `Last reply ${time}`,
  someone: 'Someone',
  aFile: 'a file',
  listenTo: (file: string) => `Listen to ${file}`,
  watch: (file: string) => `Watch ${file}`,
  download: (file: string) => `Download ${file}`,
  foreignFile: (file: string) => `${file} isn’t stored in this workspace, so it isn’t shown.`,
} as const;

export const composer = {
  message: (channel: string) => `Message #${channel}`,
  reply: 'Reply…',
  addFiles: 'Add files',
  filesToSend: 'Files to send',
  send: 'Send',
  sending: (file: string) => `Uploading ${file}`,
  sendsWhenUploaded: 'Will be sent once the files are uploaded.',
  remove: (file: string) => `Remove ${file}`,
  progress: (percent: number, size: string) => `${percent}% of ${size}`,
  suggestions: 'Suggestions',
  dropOnMessage: 'Drop to add to your message',
  dropOnReply: 'Drop to add to your reply',
} as const;

/** Block Kit: what the page says where the app left something out, or where it cannot draw what the app sent. */
export const blockKit = {
  required: 'Complete this required field.',
  optional: '(optional)',
  unsupportedElement: (type: string) => `This page can’t show elements of type “${type}”.`,
  brokenBlock: (type: string) => `This “${type}” block couldn’t be shown.`,
  imageMissing: (alt: string) => `Image not found: ${alt}`,
  imageElsewhere: (alt: string) => `Image: ${alt}`,
  table: 'Table',
  choices: 'Choices',
  date: 'Date',
  files: 'Files',
  text: 'Text',
  chooseOption: 'Choose an option',
  clearChoice: 'Clear',
  moreActions: 'More actions',
  searchOptions: 'Search options',
  search: 'Search',
  options: 'Options',
  noMatch: 'No results',
  typeMore: (length: number) => `Type at least ${length} characters to search.`,
  searching: 'Searching…',
  confirmTitle: 'Are you sure?',
  confirm: 'Yes',
  cancel: 'Cancel',
  close: 'Close',
} as const;

export const home = {
  tab: 'Home',
  opening: 'Opening…',
  empty: (app: string) => `${app} hasn’t published a Home tab yet.`,
} as const;

export const failureDialog = {
  title: 'Failure modes',
  intro: 'A failure mode affects everyone here until you turn it off.',
  none: 'This workspace has no failure modes.',
  allOff: 'Turn all off',
  done: 'Done',
} as const;
