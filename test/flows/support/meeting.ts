import { randomUUID } from 'node:crypto';
import type { ConversationId, MemberId } from '../../../src/core/ids.ts';
import type { MeetingLink, MeetingPass } from '../../../src/core/ports.ts';
import { spokenAudio } from '../../fakes/memory-speech.ts';
import { ANA, channelId, type Instance, type Stage, settle, workspaceId } from './stage.ts';

const FORMAT = { encoding: 'linear16', sampleRateHz: 16_000 } as const;
const WORD_MS = 100;

/** A link of this person's own, opened in one browser. */
export const linkFor = (pass: MeetingPass, link: Partial<MeetingLink> = {}): MeetingLink => ({
  id: randomUUID(),
  pass,
  expired: false,
  browser: 'a browser',
  ...link,
});

export const passOf = (conversationId: ConversationId, personId: MemberId): MeetingPass => ({
  conversationId,
  workspaceId,
  personId,
});

/** A meeting of Ana's whose card is posted. */
export const openMeeting = async (
  { clock }: Stage,
  { requests }: Instance,
  title = 'Stand-up',
): Promise<ConversationId> => {
  const request = { workspaceId, channelId, by: ANA, title, origin: randomUUID() };
  const outcome = await requests.openMeeting(request);
  if (outcome.outcome !== 'accepted') throw new Error(outcome.sentence);
  await settle(clock);
  const recent = await requests.recentConversations(workspaceId, ANA);
  return recent.find((found) => found.title === title)!.id;
};

/** Joins through the door, and says words, each of 100 ms. */
export const join = async ({ access, rooms }: Instance, id: ConversationId, personId: MemberId) => {
  const admission = await access.admit(linkFor(passOf(id, personId)));
  if (admission.kind !== 'hosted') throw new Error(`not admitted: ${JSON.stringify(admission)}`);
  const browser = rooms.room(id).join(admission.person);
  browser.consent(true);
  browser.openMicrophone();
  return {
    name: admission.person.name,
    say(words: string, atMs: number) {
      for (const [index, word] of words.split(' ').entries()) {
        browser.speak(spokenAudio(word, FORMAT, WORD_MS), atMs + index * WORD_MS);
      }
      browser.pause();
    },
    browser,
  };
};

/** The words M1, M2, … of a text, in their order. */
export const markersIn = (texts: readonly string[]): number[] =>
  texts.flatMap((text) => [...text.matchAll(/\bM(\d+)/g)].map(([, number]) => Number(number)));

export const range = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => from + i);

export const markers = (numbers: readonly number[]): string =>
  numbers.map((number) => `M${number}`).join(' ');
