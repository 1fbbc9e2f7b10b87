import type { LegAudioOutput, Log, PhoneParticipant } from '../../core/ports.ts';
import type { Sent } from '../peer.ts';
import type { FrameClock } from '../phones/frame-clock.ts';
import { createPhoneMix, type PhoneMix } from '../phones/phone-mix.ts';
import { Refused } from '../refused.ts';
import type { Room } from '../room.ts';
import { PHONE_REQUEST_BURST, PHONE_REQUESTS_PER_S } from './limits.ts';
import type { MeetingParts } from './meeting-options.ts';
import type { PhoneView } from './messages.ts';
import type { Identity, Participant } from './participant.ts';
import { PhoneConnection } from './phone-participant.ts';
import type { Roster } from './roster.ts';
import { createTokenBucket } from './token-bucket.ts';
import {
  createTranscriptionTaps,
  type MicrophoneOwner,
  type TranscriptionTaps,
} from './transcription-taps.ts';

/** A telephone that comes into a meeting. */
export interface IncomingPhone {
  readonly legId: string;
  readonly name: string;
  /** To captions and transcript. */
  readonly consented: boolean;
}

interface MeetingPhonesOptions {
  readonly roster: Roster;
  readonly room: Room;
  readonly frameClock: FrameClock;
  readonly parts: Pick<MeetingParts, 'phoneAsked' | 'hangUpAsked'>;
  /** Whether telephones can be rung from the page. */
  readonly mayAsk: boolean;
  readonly isOver: () => boolean;
  readonly log: Log;
  /** The meeting's clock. */
  readonly nowMs: () => number;
  /** A new place was taken. */
  readonly joined: (place: Participant) => void;
  readonly leave: (place: Participant) => void;
  /** Its sound came or went, or is to be captioned or not. */
  readonly changed: (place: Participant) => void;
}

/** The telephones of one meeting: those that are in, each in a place, and those that are not in (yet). */
export class MeetingPhones {
  readonly #options: MeetingPhonesOptions;
  readonly #mix: PhoneMix;
  readonly #ears: TranscriptionTaps;
  readonly #requests = new Map<string, { take(): boolean }>();
  #outside: readonly PhoneView[] = [];

  constructor(options: MeetingPhonesOptions) {
    const { room, frameClock, nowMs, log } = options;
    this.#options = options;
    const mix = createPhoneMix({ clock: frameClock, nowMs, log });
    this.#mix = mix;
    this.#ears = createTranscriptionTaps({
      tap: (sent, on) => room.tap(sent, on),
      listen: (speaker) => mix.listen(speaker),
      log,
    });
  }

  get mayAsk(): boolean {
    return this.#options.mayAsk;
  }
  get outside(): readonly PhoneView[] {
    return this.#outside;
  }

  /**
   * Gives a telephone a place, or the one it had.
   * @throws Refused `full`, `wrong-order` when the meeting is over
   */
  async add({ legId, name, consented }: IncomingPhone, line: LegAudioOutput): Promise<PhoneParticipant> {
    const { roster, isOver, joined, leave, changed } = this.#options;
    if (isOver()) throw new Refused('wrong-order', 'This meeting has ended.');
    const identity: Identity = { personId: `phone:${legId}`, name, host: false };
    const [earlier] = roster.of(identity);
    const place = earlier ?? roster.addPhone(identity, (own) => this.#seatOf(legId, own));
    const seat = place.phone!;
    place.consented = consented;
    const isOn = seat.take(line);
    if (earlier === undefined) {
      joined(place);
      await seat.connect();
    }
    changed(place);
    return {
      party: place.partyIndex,
      receive: (mulaw, atMs) => isOn() && seat.hear(mulaw, atMs),
      decline() {
        if (!isOn() || !place.consented) return;
        place.consented = false;
        changed(place);
      },
      leave: () => isOn() && leave(place),
    };
  }

  /** Decides who is mixed for telephones: all that send, but for a telephone that nobody but itself would hear. */
  hear(microphones: ReadonlyMap<Sent, MicrophoneOwner>): void {
    const phones = [...this.#options.roster.places.values()].filter(({ phone }) => phone !== null);
    const isHeard = ({ peerId }: MicrophoneOwner): boolean => phones.some((phone) => phone.peerId !== peerId);
    this.#ears.sync(new Map([...microphones].filter(([, owner]) => isHeard(owner))));
  }

  setOutside(phones: readonly PhoneView[]): void {
    this.#outside = phones;
    this.#options.roster.tellAll({ notification: 'phones', phones });
  }

  /** Has a telephone rung. @throws Refused with why it is not */
  async ask({ identity }: Participant, number: string): Promise<void> {
    if (!this.mayAsk) throw new Refused('not-allowed', 'No telephone can be rung from this meeting.');
    if (!this.#requestsOf(identity).take()) {
      throw new Refused('not-allowed', 'You had many telephones rung in a short time. Please wait a minute.');
    }
    const sentence = await this.#options.parts.phoneAsked(identity, number);
    if (sentence !== null) throw new Refused('not-allowed', sentence);
  }

  /** @throws Refused `not-found` for a telephone that has nothing to do with this meeting */
  askToHangUp({ identity }: Participant, legId: string): void {
    const { roster, parts } = this.#options;
    const isIn = [...roster.places.values()].some(({ phone }) => phone?.legId === legId);
    if (!isIn && !this.#outside.some((phone) => phone.legId === legId)) {
      throw new Refused('not-found', 'That telephone is not here any more.');
    }
    parts.hangUpAsked(identity, legId);
  }

  #seatOf(legId: string, place: () => Participant): PhoneConnection {
    const { room, log, changed } = this.#options;
    return new PhoneConnection({
      legId,
      open: (options) => room.addPhone({ id: place().peerId, ...options }),
      play: (line) => this.#mix.add(place().peerId, line.play),
      changed: (media) => {
        place().media = media;
        changed(place());
      },
      log,
    });
  }

  #requestsOf({ personId }: Identity): { take(): boolean } {
    const { nowMs } = this.#options;
    const known =
      this.#requests.get(personId) ??
      createTokenBucket({ burst: PHONE_REQUEST_BURST, perSecond: PHONE_REQUESTS_PER_S, nowMs });
    this.#requests.set(personId, known);
    return known;
  }
}
