import { captureOf, recordingOf } from '../../core/meeting/capture.ts';
import type { MeetingParty } from '../../core/meeting/lines.ts';
import type { Chat, Clock, MeetingAccess, MeetingLink, MeetingPass, Rooms, Store } from '../../core/ports.ts';
import { MEETINGS, SOMEONE } from '../sentences.ts';
import { keepsRecordings } from '../util/call-settings.ts';
import { isMeeting } from '../util/conversations.ts';
import { inTime } from '../util/in-time.ts';
import { memberName } from '../util/member-name.ts';
import { whyClosed, whyLinkRefused } from './admission.ts';
import type { Instance } from './lease.ts';
import type { MeetingRegistry } from './registry.ts';

interface Ports {
  readonly store: Store;
  readonly chat: Chat;
  readonly clock: Clock;
  readonly rooms: Rooms;
  readonly instance: Instance;
  readonly meetings: Pick<MeetingRegistry, 'host'>;
}

/** Answers the pages of meetings: what they are about, and who is admitted. */
export const createMeetingAccess = (ports: Ports): MeetingAccess => {
  const { chat, clock, rooms, instance, meetings } = ports;
  return {
    async info(link) {
      const found = await checkLink(ports, link);
      if (found === null) return null;
      const { pass } = link;
      const { conversation, record, lease, legs, kept, isForeign, why } = found;
      const { kind } = conversation;
      const { thread } = conversation;
      const [name, threadUrl] = isForeign
        ? [SOMEONE, null]
        : await Promise.all([
            nameOf(ports, pass, record.parties),
            thread === null ? null : inTime(clock, chat.permalink(thread)),
          ]);
      const isElsewhere = lease !== null && lease.expiredForMs < 0 && lease.holder !== instance.id;
      return {
        kind,
        capture: captureOf(kind, { recording: recordingOf(kind, legs), captionsOn: record.captionsOn, kept }),
        // Someone else's link tells nothing about the meeting.
        title: isForeign ? MEETINGS.untitled(kind) : conversation.title,
        name,
        threadUrl,
        host: conversation.host === pass.personId,
        startedAtMs: conversation.startedAtMs,
        closed: why,
        unavailable: isElsewhere ? null : rooms.unavailableReason(),
        redirectUrl: isElsewhere ? lease.url : null,
      };
    },

    async admit(link) {
      const { pass } = link;
      const found = await checkLink(ports, link);
      if (found === null || found.why !== null) {
        return { kind: 'closed', sentence: found?.why ?? MEETINGS.notFound, final: true };
      }
      const hosting = await meetings.host(pass.conversationId);
      if (hosting.kind !== 'hosted') return hosting;
      const name = await nameOf(ports, pass, found.record.parties);
      const host = found.conversation.host === pass.personId;
      return { kind: 'hosted', person: { personId: pass.personId, name, host } };
    },
  };
};

/** What a link leads to, and why not, for this person in this browser. Null where there is no such meeting. */
const checkLink = ({ store, clock }: Ports, link: MeetingLink) =>
  store.transact(async (tx) => {
    const { conversationId: id, workspaceId, personId } = link.pass;
    const conversation = await tx.conversation(id);
    if (!isMeeting(conversation) || conversation.channel.workspaceId !== workspaceId) return null;
    const record = await tx.meeting(id);
    const lease = await tx.lease(id);
    const legs = await tx.legsOf(id);
    const kept = await keepsRecordings(tx, workspaceId);
    const removed = record.removed.includes(personId);
    const wasIn = record.parties.some((party) => party.personId === personId);
    // Not claimed without a browser: programs that preview links fetch the page before people do.
    const owner =
      link.browser === null || link.expired
        ? await tx.linkBrowser(link.id)
        : await tx.claimLink(link.id, link.browser, clock.nowMs());
    const isForeign = owner !== null && owner !== link.browser;
    const why = whyClosed(conversation, { removed }) ?? whyLinkRefused(link, { owner, wasIn });
    return { conversation, record, lease, legs, kept, isForeign, why };
  });

/** Joining does not wait for the chat service: they have the name of their last time, or none. */
const nameOf = async (
  ports: Ports,
  { workspaceId, personId }: MeetingPass,
  parties: readonly MeetingParty[],
): Promise<string> =>
  (await memberName(ports, workspaceId, personId)) ??
  parties.find((party) => party.personId === personId)?.name ??
  SOMEONE;
