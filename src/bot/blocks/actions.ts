/** What Slack sends back when somebody clicks: the builders write these names and the listeners register them. */
export const ACTIONS = {
  retry: 'retry',
  nameSpeakers: 'name_speakers',
  /** Followed by the format: `export_vtt`. */
  exportPrefix: 'export_',
  transcribeLink: 'transcribe_link',
  joinMeeting: 'join_meeting',
  /** The same on the App Home, where there is no channel to answer in. */
  joinFromHome: 'join_meeting_from_home',
  endMeeting: 'end_meeting',
  startMeeting: 'start_meeting',
  /** Buttons that only open an address still report their click, which wants an answer. */
  openAddress: 'open_address',
} as const;

export const VIEWS = { nameSpeakers: 'name_speakers', startMeeting: 'start_meeting' } as const;
export const COMMANDS = { transcribe: '/transcribe', meet: '/meet' } as const;
export const SHORTCUTS = { transcribe: 'transcribe_message', startMeeting: 'start_meeting' } as const;
