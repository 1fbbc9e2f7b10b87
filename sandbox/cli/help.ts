/** What `npm run workspace -- --help` teaches. */
export const HELP = `Drives a running local workspace, as the people in it would. Prints JSON; a failure prints
{"error": …} to standard error and ends with status 1.

Usage: npm run workspace -- COMMAND [options]

  post FILE… [--text TEXT] [--thread TS] [--wait] [--timeout SECONDS]
                          posts files in one message; "sample:NAME" posts a sample. With --wait it waits until
                          every recording has its answer in the thread (default 300 s) and prints the thread;
                          the status is 1 if one of them failed.
  say TEXT [--thread TS]  posts text; @name mentions somebody, @parley the bot
  command "/NAME TEXT"    runs a slash command
  click --ts TS ACTION_ID [--value VALUE | --payload JSON] [--block BLOCK_ID] [--wait]
                          clicks a button or chooses in a menu of a message; --view ID or --home instead of --ts
                          where the element is in a modal or the home. --value picks the option of that value, or
                          the person or channel of that id. --wait waits for the modal that it opens, and prints it.
  views                   the modals that are open
  submit VIEW VALUES      submits a modal: its id or "last", and {"BLOCK": {"ACTION": {"value": "…"}}} as JSON;
                          --cancel closes it instead
  shortcut CALLBACK_ID [--ts TS]
                          picks a shortcut of a message, such as transcribe_message, or without --ts one that is
                          everywhere, such as start_meeting
  home                    opens the bot's home and prints it
  thread TS [--wait]      a message and its replies
  messages                the channel's messages, without replies
  fail MODE…              switches failure modes on, and all others off: api-500, or api-500:3 for three times;
                          "none" switches all off, "list" tells what there is
  phone                   the telephones: whose they are, what they do when they ring, the calls they are in
  phone WHO               one of them. WHO is a number, in full or as one writes it at home, or whose it is;
                          a number that nobody has is a telephone as well
  phone WHO set BEHAVIOUR what it does when it rings: ring (until somebody answers here), answer (a recorded voice),
                          busy, ring-out, voicemail, refuse, unreachable. For answer: --turns a.wav,b.mp3,sample:NAME
                          (a turn each, said in turn with whoever it talks to), --hangs-up after the last one,
                          --keys 1 to press once it is asked for keys; for answer and voicemail: --after 2s
  phone WHO answer        answers one that rings
  phone WHO speak FILE    says a recording into its call; "sample:NAME" one that is there
  phone WHO keys 123#     presses keys
  phone WHO hang-up       hangs up, or refuses to answer
  phone WHO call [--to NUMBER] [--keys 123456#]
                          rings Parley's number; the keys are pressed once it is asked for some
  phone WHO heard FILE.wav, phone WHO said FILE.wav
                          keeps what it heard, or said, in its newest call
  phone webhooks          what the telephone network told Parley, and Parley's mistakes as the network sees them
  state                   people, channels, commands, providers, samples

Everywhere:
  --channel NAME|ID       default general
  --as NAME|ID            who acts; default the first person
  --url ADDRESS           of the workspace; default PARLEY_WORKSPACE_URL or http://127.0.0.1:3100

Try: npm run workspace -- post talk.mp3 --wait
`;
