import { newId } from './ids.ts';
import type { Store } from './store/store.ts';
import type { AppSettings, User } from './types.ts';

/** Every scope but `chat:write.public`: an app that may post anywhere would never see `not_in_channel`. */
export const ALL_SCOPES: readonly string[] = [
  'app_mentions:read',
  'channels:history',
  'channels:join',
  'channels:read',
  'chat:write',
  'commands',
  'files:read',
  'files:write',
  'im:history',
  'im:read',
  'im:write',
  'reactions:read',
  'reactions:write',
  'team:read',
  'users.profile:read',
  'users:read',
];

export const ALL_EVENTS: readonly string[] = [
  'app_home_opened',
  'app_mention',
  'file_deleted',
  'file_shared',
  'member_joined_channel',
  'message.channels',
  'message.im',
  'reaction_added',
  'reaction_removed',
];

export type AppOverrides = Partial<
  Omit<AppSettings, 'appId' | 'botId' | 'botUserId' | 'requestUrl' | 'signingSecret'>
>;

/** The menu entries of the current manifest, so that existing workspaces get new ones. */
export const OFFERS: Pick<AppSettings, 'commands' | 'messageShortcuts' | 'globalShortcuts'> = {
  commands: [
    {
      command: '/parley',
      description: 'Call a phone, start a meeting, or transcribe a link',
      usageHint: 'call, meet, transcribe, settings or help',
      shouldEscape: true,
    },
  ],
  messageShortcuts: [{ callbackId: 'transcribe_message', name: 'Transcribe' }],
  globalShortcuts: [
    { callbackId: 'start_meeting', name: 'Start a meeting' },
    { callbackId: 'start_call', name: 'Start a call' },
  ],
};

/** The settings of a new workspace. Later starts keep the ids and change what is given. */
export const seedWorkspace = (store: Store, signingSecret: string, overrides: AppOverrides): void => {
  if (store.settings.team() === null) store.transact(() => seedPeopleAndChannels(store));
  completePeople(store);
  const before = store.settings.app();
  if (before === null) throw new Error('A workspace was seeded without its app.');
  store.settings.saveApp({ ...before, ...OFFERS, ...overrides, signingSecret });
};

/**
 * The phone numbers that the simulated network gives these people. Ana has none, so that one can try to save a number,
 * and to call a person whose profile has none.
 */
const PROFILES: Readonly<Record<string, Pick<User, 'phone' | 'isAdmin'>>> = {
  ana: { isAdmin: true },
  ben: { phone: '+44 20 7946 0102' },
  yuki: { phone: '+44 20 7946 0103' },
};

/** Adds to the people of an existing workspace what this version adds. */
const completePeople = ({ directory }: Store): void => {
  for (const user of directory.users()) {
    const profile = user.isBot ? undefined : PROFILES[user.name];
    if (profile !== undefined) directory.saveUser({ ...profile, ...user });
  }
};

const seedPeopleAndChannels = (store: Store): void => {
  const { directory, settings } = store;
  const bot = newId('U');
  const people = [
    { name: 'ana', realName: 'Ana Brandão', colour: '#0072b2' },
    { name: 'ben', realName: 'Ben Whitfield', colour: '#d55e00' },
    { name: 'yuki', realName: '田中 由紀', colour: '#009e73' },
  ].map((person) => ({ ...person, id: newId('U') }));
  for (const person of people) {
    directory.saveUser({ ...person, displayName: person.realName, isBot: false, timeZone: 'Europe/London' });
  }
  directory.saveUser({
    id: bot,
    name: 'parley',
    realName: 'Parley',
    displayName: 'Parley',
    colour: '#611f69',
    isBot: true,
    timeZone: 'Europe/London',
  });
  const creator = people[0]!.id;
  const channels = [
    { name: 'general', topic: 'Everything that concerns everyone', withBot: true },
    { name: 'random', topic: 'Everything else', withBot: true },
    { name: 'quiet', topic: 'Parley was not invited here', withBot: false },
  ];
  for (const { name, topic, withBot } of channels) {
    const id = newId('C');
    const createdSec = Math.floor(Date.now() / 1000);
    directory.saveChannel({ id, kind: 'channel', name, topic, creator, createdSec });
    for (const person of people) directory.addMember(id, person.id);
    if (withBot) directory.addMember(id, bot);
  }
  settings.saveApp({
    appId: newId('A'),
    botId: newId('B'),
    botUserId: bot,
    name: 'Parley',
    ...OFFERS,
    events: ALL_EVENTS,
    scopes: ALL_SCOPES,
    requestUrl: null,
    signingSecret: '',
    retryScale: 1,
    enforceLimits: true,
  });
  settings.saveTeam({ id: newId('T'), name: 'Local workspace', domain: 'local' });
};
