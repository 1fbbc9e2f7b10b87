import { describe, expect, it } from 'vitest';
import type { ConversationId, MemberId } from '../../src/core/ids.ts';
import type { Requests } from '../../src/core/ports.ts';
import { EXTERNAL } from '../../src/flows/sentences.ts';
import { ANA, channelId, createStage, LONDON, settle, workspaceId } from './support/stage.ts';

const GUEST = 'U8' as MemberId;
const NEIGHBOUR = 'W9' as MemberId;

/** A workspace with a running meeting of Ana's, and what people request in it. */
const open = async () => {
  const stage = createStage();
  stage.chat.addMember(GUEST, { name: 'Gil', elsewhere: 'another-organization' });
  stage.chat.addMember(NEIGHBOUR, { name: 'Noor', elsewhere: 'another-workspace' });
  const one = stage.instance('one');
  await one.work();
  await one.requests.openMeeting({ workspaceId, channelId, by: ANA, title: 'Weekly', origin: 'o' });
  await settle(stage.clock);
  const [meeting] = await one.requests.recentConversations(workspaceId, ANA);
  return { requests: one.requests, meeting: meeting!.id };
};

type Asked = (requests: Requests, meeting: ConversationId, by: MemberId) => Promise<unknown>;

const start = { workspaceId, channelId, title: '', origin: 'x' };
const call = { ...start, number: LONDON, memberId: null, from: 'browser' as const };

describe.each<[string, Asked, string]>([
  ['start a meeting', (requests, _meeting, by) => requests.openMeeting({ ...start, by }), EXTERNAL.start],
  ['join one', (requests, meeting, by) => requests.meetingLink(meeting, workspaceId, by), EXTERNAL.join],
  [
    'begin a call',
    (requests, _meeting, by) => requests.callUnavailableReason(workspaceId, by),
    EXTERNAL.start,
  ],
  [
    'see whom they would call',
    (requests, _meeting, by) => requests.planCall({ workspaceId, channelId, by, to: null, text: LONDON }),
    EXTERNAL.start,
  ],
  ['place a call', (requests, _meeting, by) => requests.placeCall({ ...call, by }), EXTERNAL.start],
  ['hang up', (requests, meeting, by) => requests.hangUp(meeting, workspaceId, by), EXTERNAL.hangUp],
])('%s', (_what, ask, sentence) => {
  it('is not for people of another organization, who are told so', async () => {
    const { requests, meeting } = await open();
    expect(JSON.stringify(await ask(requests, meeting, GUEST))).toContain(sentence);
  });

  it('is for people of another workspace of the same organization, as for members', async () => {
    const { requests, meeting } = await open();
    const answer = JSON.stringify(await ask(requests, meeting, NEIGHBOUR));
    expect(answer).not.toMatch(/organization|refused/);
  });
});
