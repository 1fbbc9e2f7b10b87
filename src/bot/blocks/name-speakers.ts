import type { InputBlock, KnownBlock, ModalView } from '@slack/types';
import { z } from 'zod';
import type { ChannelId, ConversationId, MessageId } from '../../core/ids.ts';
import { colourOf } from '../../core/palette.ts';
import type { VoicesToName } from '../../core/ports.ts';
import { formatDuration, formatShare } from '../../core/talk-time/format.ts';
import { ACTIONS, VIEWS } from './actions.ts';
import { bold, line, rich, square, words } from './rich.ts';
import { clean, plain } from './text.ts';

/** A modal has 100 blocks, a voice up to four, and two stand around them. */
const MAX_VOICES = 24;
const EXCERPT_MAX = 200;
export const NAME_MAX = 60;
/** What a button says aloud has 75 characters, and “Listen to … , voice 24” stands around the name. */
const LABEL_NAME_MAX = 54;
/** Slack's limit for a button's address. */
const MAX_ADDRESS = 3_000;

/** Where the dialogue was opened, carried through it by Slack. */
export const Origin = z.object({
  conversationId: z.string().transform((id) => id as ConversationId),
  channelId: z.string().transform((id) => id as ChannelId),
  rootId: z.string().transform((id) => id as MessageId),
});
export type Origin = z.infer<typeof Origin>;

/** One field of either kind a voice. Block ids hold the voice, so that the answer needs no memory of the question. */
export const FIELDS = { member: 'member', name: 'name' } as const;
export const fieldId = (kind: keyof typeof FIELDS, voice: string): string => `${kind}:${voice}`;

/** The dialogue in which somebody says whose voices these are. */
export const buildNameSpeakers = (asked: VoicesToName, origin: Origin): ModalView => {
  const voices = [...asked.voices].sort((a, b) => b.speakingMs - a.speakingMs).slice(0, MAX_VOICES);
  const totalMs = asked.voices.reduce((sum, { speakingMs }) => sum + speakingMs, 0);
  const left = asked.voices.length - voices.length;
  return {
    type: 'modal',
    callback_id: VIEWS.nameSpeakers,
    private_metadata: JSON.stringify(origin),
    title: { type: 'plain_text', text: 'Name speakers' },
    submit: { type: 'plain_text', text: 'Save' },
    close: { type: 'plain_text', text: 'Cancel' },
    blocks: [
      line(
        bold(clean(asked.title, 150)),
        words(
          '\nChoose a member or type a name for each voice. Give two voices the same name to merge them.',
        ),
      ),
      ...withLabels(voices).flatMap((voice) => voiceBlocks(voice, totalMs)),
      ...(left === 0 ? [] : [line(words(`${left} more voices that speak less keep their numbers.`))]),
    ],
  };
};

type Voice = VoicesToName['voices'][number] & {
  /** What it is called in this dialogue, as no other voice is: its fields are told apart by nothing else when heard. */
  readonly label: string;
};

const withLabels = (voices: VoicesToName['voices']): Voice[] => {
  const names = voices.map(({ currentName }) => clean(currentName, LABEL_NAME_MAX) || 'Nameless');
  return voices.map((voice, at) => {
    const name = names[at]!;
    const isShared = names.indexOf(name) !== names.lastIndexOf(name);
    const nth = names.slice(0, at + 1).filter((each) => each === name).length;
    return { ...voice, label: isShared ? `${name}, voice ${nth}` : name };
  });
};

const voiceBlocks = (voice: Voice, totalMs: number): KnownBlock[] => {
  const { label } = voice;
  const isTyped = voice.memberId === null && voice.named;
  const member: InputBlock = {
    type: 'input',
    block_id: fieldId('member', voice.voice),
    optional: true,
    label: { type: 'plain_text', text: `${label} is`, emoji: false },
    element: {
      type: 'users_select',
      action_id: FIELDS.member,
      placeholder: { type: 'plain_text', text: 'Choose a member' },
      ...(voice.memberId === null ? {} : { initial_user: voice.memberId }),
    },
  };
  const name: InputBlock = {
    type: 'input',
    block_id: fieldId('name', voice.voice),
    optional: true,
    label: { type: 'plain_text', text: `or ${label} is somebody called`, emoji: false },
    element: {
      type: 'plain_text_input',
      action_id: FIELDS.name,
      max_length: NAME_MAX,
      ...(isTyped ? { initial_value: plain(voice.currentName, NAME_MAX) } : {}),
    },
  };
  return [heard(voice, totalMs), ...listen(voice), member, name];
};

const heard = (voice: Voice, totalMs: number): KnownBlock =>
  rich({
    type: 'rich_text_section',
    elements: [
      square(colourOf(voice.party)),
      bold(` ${voice.label}`),
      words(
        `  spoke ${formatDuration(voice.speakingMs)}${shareOf(voice, totalMs)}\n“${clean(voice.excerpt, EXCERPT_MAX)}”`,
      ),
    ],
  });

const shareOf = ({ speakingMs }: Voice, totalMs: number): string =>
  totalMs === 0 ? '' : ` (${formatShare(speakingMs / totalMs)})`;

/** A button that opens the page with the sample; only when Parley has an address that browsers reach. */
const listen = ({ sampleUrl, label }: Voice): KnownBlock[] =>
  sampleUrl === null || sampleUrl.length > MAX_ADDRESS
    ? []
    : [
        {
          type: 'actions',
          elements: [
            {
              type: 'button',
              action_id: ACTIONS.openAddress,
              text: { type: 'plain_text', text: '▶ Listen' },
              url: sampleUrl,
              accessibility_label: `Listen to ${label}`,
            },
          ],
        },
      ];
