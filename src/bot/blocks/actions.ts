/** The names that Slack sends back for a click: builders write them and listeners register them. */
export const ACTIONS = {
  retry: 'retry',
  nameSpeakers: 'name_speakers',
  shareTranscript: 'share_transcript',
  /** On results of earlier releases, a button for each format: `export_vtt`. */
  exportPrefix: 'export_',
  talkTimeDetails: 'talk_time_details',
  transcribeLink: 'transcribe_link',
  joinMeeting: 'join_meeting',
  /** The same on the App Home, where there is no channel to post in. */
  joinFromHome: 'join_meeting_from_home',
  endMeeting: 'end_meeting',
  startMeeting: 'start_meeting',
  startCall: 'start_call',
  /** The three buttons of a call's confirmation. */
  placeCall: 'place_call',
  placeCallFromOwnPhone: 'place_call_from_own_phone',
  cancelCall: 'cancel_call',
  hangUp: 'hang_up',
  pressExtension: 'press_extension',
  changeOwnNumber: 'change_own_number',
  callSettings: 'call_settings',
  /** Buttons that only open a link still report their click, which must be acknowledged. */
  openAddress: 'open_address',
} as const;

export const VIEWS = {
  nameSpeakers: 'name_speakers',
  startMeeting: 'start_meeting',
  startCall: 'start_call',
  ownNumber: 'own_number',
  callSettings: 'call_settings',
} as const;
export const SHORTCUTS = {
  transcribe: 'transcribe_message',
  startMeeting: 'start_meeting',
  startCall: 'start_call',
} as const;
