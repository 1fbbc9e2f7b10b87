import { isPhonePersonId } from '../../core/calls/person.ts';
import type { MemberId } from '../../core/ids.ts';
import type { MeetingParty } from '../../core/meeting/lines.ts';
import type { Clock, Log, MeetingPerson } from '../../core/ports.ts';
import type { Posting } from '../results/status-message.ts';
import { speakerName } from '../sentences.ts';
import type { PostedMeeting } from '../util/conversations.ts';
import type { EditBudget } from '../util/edit-budget.ts';
import { createThrottledWriter } from '../util/throttle.ts';
import { buildCard, editCard, type StoredCardFacts } from './card.ts';
import { createOccupancy } from './occupancy.ts';
import type { PhoneBridge } from './phones/bridge.ts';
import type { MeetingTiming } from './timing.ts';
import type { MeetingWrites } from './writes.ts';

/** The parties of a running meeting, who of them is in it, and its card, which shows that. */
export interface Participants extends AsyncDisposable {
  /** By their numbers. */
  readonly parties: readonly MeetingParty[];
  /** By the wall clock: since when no two participants are together. */
  readonly aloneSinceMs: number;
  joined(participantId: string, party: number, person: MeetingPerson): void;
  left(participantId: string): void;
  phonesChanged(): void;
  captionsSwitched(on: boolean): void;
  captionsUnsaved(unsaved: boolean): void;
  nameOf(personId: MemberId): string | null;
}

export const createParticipants = (
  ports: Posting & {
    readonly edits: EditBudget;
    readonly clock: Clock;
    readonly log: Log;
    readonly timing: MeetingTiming;
  },
  options: {
    readonly conversation: PostedMeeting;
    /** Those of earlier processes. */
    readonly parties: readonly MeetingParty[];
    readonly facts: StoredCardFacts;
    readonly phones: () => Pick<PhoneBridge, 'legs' | 'recording' | 'isAnyExpected'>;
    readonly writes: MeetingWrites;
    readonly onAlone: () => void;
  },
): Participants => {
  const { edits, clock, log, timing } = ports;
  const { conversation, phones, writes } = options;
  const { dialIn, kept } = options.facts;
  let { captionsOn } = options.facts;
  const parties = [...options.parties];
  let isUnsaved = false;
  const occupancy = createOccupancy({
    graceMs: timing.graceMs,
    kind: conversation.kind,
    clock,
    isPhoneExpected: () => phones().isAnyExpected(),
    onAlone: options.onAlone,
  });

  const presentNames = (): string[] => [
    ...new Set(
      occupancy.present
        // A call's card lists its phones apart.
        .filter(({ isPhone }) => !isPhone || conversation.kind === 'meeting')
        .map(({ party }) => parties[party]?.name ?? speakerName(party)),
    ),
  ];
  const card = createThrottledWriter({
    everyMs: timing.editEveryMs,
    workspaceId: conversation.channel.workspaceId,
    edits,
    clock,
    log,
    async write() {
      const { legs, recording } = phones();
      const facts = {
        dialIn,
        legs,
        recording,
        captionsOn,
        kept,
        present: presentNames(),
        unavailable: null,
        isUnsaved,
      };
      await editCard(ports, conversation, buildCard(conversation, facts));
      return false;
    },
  });

  return {
    parties,
    get aloneSinceMs() {
      return occupancy.aloneSinceMs;
    },
    joined(participantId, party, { personId, name }) {
      occupancy.joined(participantId, { party, isPhone: isPhonePersonId(personId) });
      if (parties[party]?.name !== name) {
        parties[party] = { personId, name };
        writes.enqueue((tx) => tx.saveMeetingParty(conversation.id, party, { personId, name }));
      }
      card.schedule();
    },
    left(participantId) {
      occupancy.left(participantId);
      card.schedule();
    },
    phonesChanged() {
      card.schedule();
      occupancy.changed();
    },
    captionsSwitched(on) {
      captionsOn = on;
      card.schedule();
    },
    captionsUnsaved(unsaved) {
      isUnsaved = unsaved;
      card.schedule();
    },
    nameOf: (personId) => parties.find((party) => party.personId === personId)?.name ?? null,
    async [Symbol.asyncDispose]() {
      occupancy[Symbol.dispose]();
      await card.close();
    },
  };
};
