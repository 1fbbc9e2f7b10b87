import { randomUUID } from 'node:crypto';
import type { RtpCapabilities } from 'mediasoup/types';
import type { MeetingPerson, RoomOccupancy } from '../../core/ports.ts';
import { Refused } from '../refused.ts';
import type { RequestChannel } from '../request-channel.ts';
import type { ResumeTokens } from '../resume-tokens.ts';
import { meetingFull, tooManyDevices } from '../sentences.ts';
import { DEVICES_PER_PERSON } from './limits.ts';
import type { Notification } from './messages.ts';
import { type Participant, viewOf } from './participant.ts';
import type { PhoneConnection } from './phone-connection.ts';

type NewParticipant = Pick<Participant, 'person' | 'browser' | 'channel' | 'rtpCapabilities' | 'phone'>;

/** The participants of a meeting, their parties, and notifications to them. */
export class Roster {
  readonly #participants = new Map<string, Participant>();
  /** Person ids by party index. */
  readonly #parties: string[];
  readonly #limit: number;
  readonly #resumeTokens: ResumeTokens;

  constructor(options: {
    readonly parties: readonly string[];
    readonly limit: number;
    readonly resumeTokens: ResumeTokens;
  }) {
    this.#parties = [...options.parties];
    this.#limit = options.limit;
    this.#resumeTokens = options.resumeTokens;
  }

  /** By peer id. */
  get participants(): ReadonlyMap<string, Participant> {
    return this.#participants;
  }

  /** Every participant of one person: one a device. */
  of({ personId }: Pick<MeetingPerson, 'personId'>): readonly Participant[] {
    return [...this.#participants.values()].filter(({ person }) => person.personId === personId);
  }

  /** Whether the token is one of this person's, from this process or an earlier one. */
  isResumeToken({ personId }: MeetingPerson, token: string | undefined): boolean {
    return token !== undefined && this.#resumeTokens.isTokenOf(personId, token);
  }

  /**
   * The participant to resume: by its token, or the one of this person in this browser; in any browser one whose channel
   * was lost when they have as many devices as allowed. Two tabs of one browser would send, and transcribe, one
   * microphone twice: the later tab takes over.
   */
  findResumable(
    { person, browser }: Pick<Participant, 'person' | 'browser'>,
    resumeToken: string | undefined,
  ): Participant | undefined {
    const own = this.of(person);
    const lost = own.filter(({ channel }) => channel === null);
    // A page that was reloaded may have lost its token. Another device may still resume its own participant.
    return (
      own.find((participant) => participant.resumeToken === resumeToken) ??
      lost.find((participant) => participant.browser === browser) ??
      own.find((participant) => browser !== null && participant.browser === browser) ??
      (own.length >= DEVICES_PER_PERSON ? lost[0] : undefined)
    );
  }

  /** @throws Refused `full` */
  addBrowser(options: {
    readonly person: MeetingPerson;
    readonly browser: string | null;
    readonly channel: RequestChannel;
    readonly rtpCapabilities: RtpCapabilities;
  }): Participant {
    const devices = this.of(options.person).length;
    if (devices >= DEVICES_PER_PERSON) throw new Refused('full', { sentence: tooManyDevices(devices) });
    return this.#add({ ...options, phone: null });
  }

  /**
   * @param connect creates the phone's connection; its participant is there once this has returned
   * @throws Refused `full`
   */
  addPhone(person: MeetingPerson, connect: (participant: () => Participant) => PhoneConnection): Participant {
    const phone = connect(() => participant);
    const participant: Participant = this.#add({
      person,
      browser: null,
      channel: null,
      rtpCapabilities: {},
      phone,
    });
    return participant;
  }

  #add(options: NewParticipant): Participant {
    if (this.#participants.size >= this.#limit) {
      throw new Refused('full', { sentence: meetingFull(this.#limit) });
    }
    const participant: Participant = {
      ...options,
      peerId: randomUUID(),
      partyIndex: this.#partyOf(options.person),
      resumeToken: this.#resumeTokens.tokenFor(options.person.personId),
      handRaised: false,
      consented: false,
      captionsWanted: true,
      media: null,
      mediaIsStale: false,
      cancelLeaving: null,
    };
    this.#participants.set(participant.peerId, participant);
    return participant;
  }

  occupancy(): RoomOccupancy {
    const phones = [...this.#participants.values()].filter(({ phone }) => phone !== null).length;
    return { browsers: this.#participants.size - phones, phones };
  }

  /** False when it was removed already. */
  remove(participant: Participant): boolean {
    return this.#participants.delete(participant.peerId);
  }

  notify(participant: Participant, notification: Notification): void {
    participant.channel?.send(JSON.stringify(notification));
  }

  /** Serialised once, however many it is sent to. */
  notifyAll(notification: Notification, isFor: (participant: Participant) => boolean = () => true): void {
    const text = JSON.stringify(notification);
    for (const participant of this.#participants.values()) {
      if (isFor(participant)) participant.channel?.send(text);
    }
  }

  notifyUpdated(participant: Participant): void {
    if (!this.#participants.has(participant.peerId)) return;
    this.notifyAll({ notification: 'peerUpdated', peer: viewOf(participant) });
  }

  /** A person keeps their party for the whole meeting, however often they join and leave. */
  #partyOf({ personId }: MeetingPerson): number {
    const known = this.#parties.indexOf(personId);
    return known === -1 ? this.#parties.push(personId) - 1 : known;
  }
}
