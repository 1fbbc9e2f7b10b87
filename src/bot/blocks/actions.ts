/** What Slack sends back when somebody clicks: the builders write these names and the listeners register them. */
export const ACTIONS = {
  retry: 'retry',
  nameSpeakers: 'name_speakers',
  /** Followed by the format: `export_vtt`. */
  exportPrefix: 'export_',
  transcribeLink: 'transcribe_link',
  /** Buttons that only open an address still report their click, which wants an answer. */
  openAddress: 'open_address',
} as const;

export const VIEWS = { nameSpeakers: 'name_speakers' } as const;
export const COMMANDS = { transcribe: '/transcribe' } as const;
export const SHORTCUTS = { transcribe: 'transcribe_message' } as const;
