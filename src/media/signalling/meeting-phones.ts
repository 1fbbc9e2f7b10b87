import { phonePersonId } from '../../core/calls/person.ts';
import type { LegId } from '../../core/ids.ts';
import type {
  Clock,
  LegAudioOutput,
  Log,
  MeetingPerson,
  PendingPhone,
  PhoneParticipant,
  Room,
  RoomOptions,
} from '../../core/ports.ts';
import type { MediaRoom } from '../media-room.ts';
import type { FrameClock } from '../phones/frame-clock.ts';
import { createPhoneMix, type PhoneMix } from '../phones/phone-mix.ts';
import { Refused } from '../refused.ts';
import { MEETING_ENDED, NO_PHONES, PHONE_LEFT, TOO_MANY_PHONES } from '../sentences.ts';
import type { SentStream } from '../streams.ts';
import { createTokenBucket } from '../token-bucket.ts';
import { PHONE_REQUEST_LIMIT } from './limits.ts';
import { createMicrophoneTaps, type MicrophoneOwner, type MicrophoneTaps } from './microphone-taps.ts';
import type { Participant } from './participant.ts';
import { PhoneConnection } from './phone-connection.ts';
import type { Roster } from './roster.ts';

interface MeetingPhonesOptions {
  readonly roster: Roster;
  readonly media: MediaRoom;
  readonly frameClock: FrameClock;
  readonly room: Pick<RoomOptions, 'mayAddPhone' | 'on' | 'nowMs'>;
  readonly isClosed: () => boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly joined: (participant: Participant) => void;
  readonly leave: (participant: Participant) => void;
  /** Its audio, its mute or its consent. */
  readonly changed: (participant: Participant) => void;
}

/** The phones of one meeting: connected ones, each a participant, and pending ones. */
export class MeetingPhones {
  readonly #options: MeetingPhonesOptions;
  readonly #mix: PhoneMix;
  readonly #mixTaps: MicrophoneTaps;
  /** By person id. */
  readonly #requestLimits = new Map<string, { take(): boolean }>();
  #pending: readonly PendingPhone[] = [];

  constructor(options: MeetingPhonesOptions) {
    const { media, frameClock, room, log } = options;
    this.#options = options;
    const mix = createPhoneMix({ clock: frameClock, nowMs: room.nowMs, log });
    this.#mix = mix;
    this.#mixTaps = createMicrophoneTaps({
      openTap: (sent, on) => media.tap(sent, on),
      pipe: (speaker) => mix.addSpeaker(speaker),
      log,
    });
  }

  get mayAdd(): boolean {
    return this.#options.room.mayAddPhone;
  }
  get pending(): readonly PendingPhone[] {
    return this.#pending;
  }

  /**
   * Adds a phone as a participant, or continues the one of the same leg.
   * @throws Refused `full`, `wrong-order` when the meeting is over
   */
  async add(
    { legId, name, consented }: Parameters<Room['addPhone']>[0],
    output: LegAudioOutput,
  ): Promise<PhoneParticipant> {
    const { roster, isClosed, joined, leave, changed } = this.#options;
    if (isClosed()) throw new Refused('wrong-order', { sentence: MEETING_ENDED });
    const person: MeetingPerson = { personId: phonePersonId(legId), name, host: false };
    const [earlier] = roster.of(person);
    const participant =
      earlier ?? roster.addPhone(person, (participant) => this.#connectionOf(legId, participant));
    const connection = participant.phone!;
    participant.consented = consented;
    const isCurrent = connection.attach(output);
    if (earlier === undefined) {
      joined(participant);
      await connection.connect();
    }
    changed(participant);
    return {
      party: participant.partyIndex,
      receive: (mulaw, atMs) => isCurrent() && connection.receive(mulaw, atMs),
      decline() {
        if (!isCurrent() || !participant.consented) return;
        participant.consented = false;
        changed(participant);
      },
      leave: () => isCurrent() && leave(participant),
    };
  }

  /** Decides who is mixed for phones: everyone who sends, but no phone that only it itself would receive. */
  syncMix(microphones: ReadonlyMap<SentStream, MicrophoneOwner>): void {
    const phones = [...this.#options.roster.participants.values()].filter(({ phone }) => phone !== null);
    const hasListener = ({ peerId }: MicrophoneOwner): boolean =>
      phones.some((phone) => phone.peerId !== peerId);
    this.#mixTaps.sync(new Map([...microphones].filter(([, owner]) => hasListener(owner))));
  }

  setPending(phones: readonly PendingPhone[]): void {
    this.#pending = phones;
    this.#options.roster.notifyAll({ notification: 'phones', phones });
  }

  /** Has a phone called into the meeting. @throws Refused with why it is not */
  async request({ person }: Participant, number: string): Promise<void> {
    if (!this.mayAdd) throw new Refused('not-allowed', { sentence: NO_PHONES });
    if (!this.#requestLimitOf(person).take()) {
      throw new Refused('not-allowed', { sentence: TOO_MANY_PHONES });
    }
    const sentence = await this.#options.room.on.phoneRequested(person, number);
    if (sentence !== null) throw new Refused('not-allowed', { sentence });
  }

  /** @throws Refused `not-found` for a phone of another meeting */
  requestHangUp({ person }: Participant, requested: string): void {
    const { roster, room } = this.#options;
    const connected = [...roster.participants.values()].flatMap(({ phone }) => phone?.legId ?? []);
    const legId = [...connected, ...this.#pending.map((phone) => phone.legId)].find(
      (known) => known === requested,
    );
    if (legId === undefined) throw new Refused('not-found', { sentence: PHONE_LEFT });
    room.on.hangUpRequested(person, legId);
  }

  #connectionOf(legId: LegId, participant: () => Participant): PhoneConnection {
    const { media, clock, log, changed, leave } = this.#options;
    const connection = new PhoneConnection({
      legId,
      openAudio: (options) => media.addPhone({ id: participant().peerId, ...options }),
      startMix: (output) => this.#mix.addPhone(participant().peerId, output.play),
      mediaChanged: (phone) => {
        participant().media = phone;
        changed(participant());
      },
      gaveUp() {
        connection.remove();
        leave(participant());
      },
      clock,
      log,
    });
    return connection;
  }

  #requestLimitOf({ personId }: MeetingPerson): { take(): boolean } {
    const { clock } = this.#options;
    const known =
      this.#requestLimits.get(personId) ??
      createTokenBucket({ ...PHONE_REQUEST_LIMIT, nowMs: () => clock.monotonicMs() });
    this.#requestLimits.set(personId, known);
    return known;
  }
}
