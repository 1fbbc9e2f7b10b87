import { randomUUID } from 'node:crypto';
import type { RtpCapabilities } from 'mediasoup/types';
import { Refused } from '../refused.ts';
import type { ResumeTokens } from '../resume-tokens.ts';
import type { Channel } from './channel.ts';
import { PLACES_PER_PERSON } from './limits.ts';
import type { Notification } from './messages.ts';
import { type Identity, type Participant, viewOf } from './participant.ts';
import type { PhoneConnection } from './phone-participant.ts';

/** Who is in a meeting, which party each is, and the way to tell them things. */
export class Roster {
  readonly #places = new Map<string, Participant>();
  /** Persons by party index. */
  readonly #parties: string[];
  readonly #limit: number;
  readonly #seats: ResumeTokens | null;

  constructor(options: {
    readonly parties: readonly string[];
    readonly limit: number;
    /** Makes the tokens with which places are taken up again; without, only this roster knows them. */
    readonly seats?: ResumeTokens;
  }) {
    this.#seats = options.seats ?? null;
    this.#parties = [...options.parties];
    this.#limit = options.limit;
  }

  get places(): ReadonlyMap<string, Participant> {
    return this.#places;
  }

  /** Every place of one person: one a device. */
  of({ personId }: Identity): readonly Participant[] {
    return [...this.#places.values()].filter(({ identity }) => identity.personId === personId);
  }

  /** Whether the token is one of this person's, given by this process or by the one before it. */
  isSeat(identity: Identity, token: string | undefined): boolean {
    if (token === undefined) return false;
    if (this.#seats !== null) return this.#seats.isTokenOf(identity, token);
    return this.of(identity).some(({ resumeToken }) => resumeToken === token);
  }

  /**
   * The place that somebody takes up again: by its token, or because this person's line broke in this browser; in any
   * when they have as many places as one may.
   */
  earlier(identity: Identity, resumeToken: string | undefined): Participant | undefined {
    const own = this.of(identity);
    const broken = own.filter(({ line }) => line === null);
    // A page that was loaded anew may have forgotten its token. Another device may still come back to its own place.
    return (
      own.find((place) => place.resumeToken === resumeToken) ??
      broken.find(({ identity: { browser } }) => browser === identity.browser) ??
      (own.length >= PLACES_PER_PERSON ? broken[0] : undefined)
    );
  }

  /** @throws Refused `full` */
  add(identity: Identity, line: Channel, rtpCapabilities: RtpCapabilities): Participant {
    const devices = this.of(identity).length;
    if (devices >= PLACES_PER_PERSON) {
      throw new Refused(
        'full',
        `You are in this meeting on ${devices} devices already. Leave on one of them.`,
      );
    }
    return this.#seat(identity, { line, rtpCapabilities });
  }

  /**
   * @param seatOf makes the telephone's side of the place, which may be asked for once this has returned
   * @throws Refused `full`
   */
  addPhone(identity: Identity, seatOf: (place: () => Participant) => PhoneConnection): Participant {
    const place: Participant = this.#seat(identity, { line: null, phone: seatOf(() => place) });
    return place;
  }

  #seat(
    identity: Identity,
    side: {
      readonly line: Channel | null;
      readonly rtpCapabilities?: RtpCapabilities;
      readonly phone?: PhoneConnection;
    },
  ): Participant {
    if (this.#places.size >= this.#limit) {
      throw new Refused('full', `This meeting is full: it takes ${this.#limit} people.`);
    }
    const place: Participant = {
      peerId: randomUUID(),
      partyIndex: this.#partyOf(identity),
      identity,
      resumeToken: this.#seats?.tokenFor(identity) ?? randomUUID(),
      rtpCapabilities: side.rtpCapabilities ?? {},
      handRaised: false,
      consented: false,
      captionsWanted: true,
      line: side.line,
      phone: side.phone ?? null,
      media: null,
      mediaIsStale: false,
      leaveTimer: null,
    };
    this.#places.set(place.peerId, place);
    return place;
  }

  /** Who is in, by what they are in with. */
  here(): { readonly browsers: number; readonly phones: number } {
    const phones = [...this.#places.values()].filter(({ phone }) => phone !== null).length;
    return { browsers: this.#places.size - phones, phones };
  }

  /** False when it was gone already. */
  remove(place: Participant): boolean {
    return this.#places.delete(place.peerId);
  }

  tell(place: Participant, notification: Notification): void {
    place.line?.write(JSON.stringify(notification));
  }

  /** Written once, however many it goes to. */
  tellAll(notification: Notification, whom: (place: Participant) => boolean = () => true): void {
    const text = JSON.stringify(notification);
    for (const place of this.#places.values()) if (whom(place)) place.line?.write(text);
  }

  /** Tells everybody how somebody is now. */
  updated(place: Participant): void {
    if (this.#places.has(place.peerId)) this.tellAll({ notification: 'peerUpdated', peer: viewOf(place) });
  }

  /** A person keeps their party for as long as the meeting lasts, however often they come and go. */
  #partyOf({ personId }: Identity): number {
    const known = this.#parties.indexOf(personId);
    return known === -1 ? this.#parties.push(personId) - 1 : known;
  }
}
