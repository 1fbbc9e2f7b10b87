import type { InputBlock, KnownBlock, ModalView } from '@slack/types';
import { z } from 'zod';
import type { ChannelId, ConversationId, MessageId } from '../../core/ids.ts';
import { colourOf } from '../../core/palette.ts';
import type { VoicesToName } from '../../core/ports.ts';
import { formatShare } from '../../core/talk-time/format.ts';
import { BUTTONS, SELECT_PERSON } from '../sentences/common.ts';
import { NAME_SPEAKERS } from '../sentences/results.ts';
import { ACTIONS, VIEWS } from './actions.ts';
import { button } from './buttons.ts';
import { formView } from './fields.ts';
import { bold, line, rich, square, words } from './rich.ts';
import { clean, plain } from './text.ts';

/** A modal has 100 blocks, a voice up to four, and two stand around them. */
const MAX_VOICES = 24;
const EXCERPT_MAX = 200;
export const NAME_MAX = 60;
/** A button's label has 75 characters, and "Listen to … (24)" stands around the name. */
const LABEL_NAME_MAX = 54;
/** Slack's limit for a button's address. */
const MAX_ADDRESS = 3_000;

/** Where the dialog was opened, carried through it by Slack. */
export const Origin = z.object({
  conversationId: z.string().transform((id) => id as ConversationId),
  channelId: z.string().transform((id) => id as ChannelId),
  rootId: z.string().transform((id) => id as MessageId),
});
export type Origin = z.infer<typeof Origin>;

/** One field of either kind for each voice. Block ids hold the voice, so that reading them needs no storage. */
export const FIELDS = { member: 'member', name: 'name' } as const;
export const fieldId = (kind: keyof typeof FIELDS, voice: string): string => `${kind}:${voice}`;

/** The dialog to name and merge speakers. */
export const buildNameSpeakers = ({ title, voices: all }: VoicesToName, origin: Origin): ModalView => {
  const voices = [...all].sort((a, b) => b.speakingMs - a.speakingMs).slice(0, MAX_VOICES);
  const totalMs = all.reduce((sum, { speakingMs }) => sum + speakingMs, 0);
  const left = all.length - voices.length;
  const blocks = [
    line(bold(clean(title, 150)), words(`\n${NAME_SPEAKERS.intro}`)),
    ...withLabels(voices).flatMap((voice) => voiceBlocks(voice, totalMs)),
    ...(left === 0 ? [] : [line(words(NAME_SPEAKERS.notListed(left)))]),
  ];
  return {
    ...formView(VIEWS.nameSpeakers, { title: NAME_SPEAKERS.title, submit: BUTTONS.save }, blocks),
    private_metadata: JSON.stringify(origin),
  };
};

type Voice = VoicesToName['voices'][number] & {
  /** Its name in this dialog, which no other voice has: nothing else tells its fields apart when read aloud. */
  readonly label: string;
};

const withLabels = (voices: VoicesToName['voices']): Voice[] => {
  const names = voices.map(({ currentName }) => clean(currentName, LABEL_NAME_MAX) || NAME_SPEAKERS.unnamed);
  return voices.map((voice, at) => {
    const name = names[at]!;
    const isShared = names.indexOf(name) !== names.lastIndexOf(name);
    const nth = names.slice(0, at + 1).filter((each) => each === name).length;
    return { ...voice, label: isShared ? NAME_SPEAKERS.numbered(name, nth) : name };
  });
};

const voiceBlocks = (voice: Voice, totalMs: number): KnownBlock[] => [
  voiceSummary(voice, totalMs),
  ...listenButton(voice),
  voiceField('member', voice, {
    type: 'users_select',
    action_id: FIELDS.member,
    placeholder: { type: 'plain_text', text: SELECT_PERSON },
    ...(voice.memberId === null ? {} : { initial_user: voice.memberId }),
  }),
  voiceField('name', voice, {
    type: 'plain_text_input',
    action_id: FIELDS.name,
    max_length: NAME_MAX,
    ...(voice.memberId === null && voice.named ? { initial_value: plain(voice.currentName, NAME_MAX) } : {}),
  }),
];

const voiceField = (
  kind: keyof typeof FIELDS,
  { voice, label }: Voice,
  element: InputBlock['element'],
): InputBlock => ({
  type: 'input',
  block_id: fieldId(kind, voice),
  optional: true,
  label: { type: 'plain_text', text: NAME_SPEAKERS[kind](label), emoji: false },
  element,
});

const voiceSummary = ({ label, party, speakingMs, excerpt }: Voice, totalMs: number): KnownBlock => {
  const share = totalMs === 0 ? null : formatShare(speakingMs / totalMs);
  return rich({
    type: 'rich_text_section',
    elements: [
      square(colourOf(party)),
      bold(` ${label}`),
      words(`${NAME_SPEAKERS.spoke(speakingMs, share)}\n“${clean(excerpt, EXCERPT_MAX)}”`),
    ],
  });
};

/** Opens the page with the sample; only where Parley has an address that browsers reach. */
const listenButton = ({ sampleUrl, label }: Voice): KnownBlock[] => {
  if (sampleUrl === null || sampleUrl.length > MAX_ADDRESS) return [];
  const listen = button(ACTIONS.openAddress, NAME_SPEAKERS.listen, {
    url: sampleUrl,
    label: NAME_SPEAKERS.listenLabel(label),
  });
  return [{ type: 'actions', elements: [listen] }];
};
