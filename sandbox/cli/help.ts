/** The text of `npm run workspace -- --help`. */
export const HELP = `Acts in a running local workspace as the people in it. Prints JSON. An error is printed as
{"error": …} on standard error, with exit status 1.

Usage: npm run workspace -- COMMAND [options]

  post FILE… [--text TEXT] [--thread TS] [--wait] [--timeout SECONDS]
                          posts files in one message; "sample:NAME" posts a sample. --wait waits until every
                          recording has a result in the thread (at most 300 s by default) and prints the thread.
                          The exit status is 1 if a recording failed.
  say TEXT [--thread TS]  posts text; @name mentions a person, @parley the bot
  command "/NAME TEXT"    runs a slash command
  click --ts TS ACTION_ID [--value VALUE | --payload JSON] [--block BLOCK_ID] [--wait]
                          clicks a button or picks from a menu in a message. Use --view ID or --home instead of --ts
                          for a modal or the App Home. --value is an option's value, or the id of a person or
                          channel. --wait waits for the modal that opens, and prints it.
  views                   lists the open modals
  submit VIEW VALUES      submits a modal: its id or "last", and {"BLOCK": {"ACTION": {"value": "…"}}} as JSON;
                          --cancel closes it instead
  shortcut CALLBACK_ID [--ts TS]
                          runs a message shortcut such as transcribe_message, or without --ts a global one such
                          as start_meeting
  home [--wait]           opens the App Home and prints it; --wait waits until it is published again
  thread TS [--wait]      prints a message and its replies
  messages                prints the messages of the channel, without replies
  fail MODE…              turns failure modes on and all others off: api-500, or api-500:3 for three times;
                          "none" turns all off, "list" lists them
  phone                   lists the simulated phones: owner, behaviour, call
  phone WHO               prints one phone. WHO is a number, international or national, or its owner's name;
                          any number has a phone
  phone WHO set BEHAVIOUR  sets what it does when it is called: ring (until you answer), answer (a recorded voice
                          talks), voicemail, busy, no-answer, decline, unreachable.
                          For answer: --turns a.wav,b.mp3,sample:NAME (said in turn with the other side),
                          --hangs-up after the last one, --keys 1 to press when asked for keys.
                          For answer and voicemail: --after 2s
  phone WHO answer        answers a ringing phone
  phone WHO speak FILE    plays a recording into its call; "sample:NAME" plays a sample
  phone WHO keys 123#     presses keys
  phone WHO hang-up       hangs up, or declines a ringing call
  phone WHO call [--to NUMBER] [--keys 123456#]
                          calls Parley's number; the keys are pressed when it asks for some
  phone WHO received FILE.wav, phone WHO sent FILE.wav
                          saves the audio of its last call: what it received, or what it sent
  phone webhooks          lists the webhooks sent to Parley, and Parley's mistakes as Twilio would report them
  state                   prints people, channels, commands, providers and samples

Options for all commands:
  --channel NAME|ID       default: general
  --as NAME|ID            who acts; default: the first person
  --url URL               of the workspace; default: PARLEY_WORKSPACE_URL or http://127.0.0.1:3100

Example: npm run workspace -- post talk.mp3 --wait
`;
