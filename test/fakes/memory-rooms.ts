import { randomUUID } from 'node:crypto';
import { phonePersonId } from '../../src/core/calls/person.ts';
import { AppError } from '../../src/core/error.ts';
import type { ConversationId, LegId, MemberId } from '../../src/core/ids.ts';
import type { CallState } from '../../src/core/meeting/capture.ts';
import type {
  AudioSink,
  Caption,
  LegAudioOutput,
  LiveOptions,
  MeetingPerson,
  PartySpeakingTime,
  PendingPhone,
  PhoneParticipant,
  Room,
  RoomOptions,
  Rooms,
} from '../../src/core/ports.ts';

/**
 * The Rooms port in memory: who joins, speaks and leaves is for the test to say. Held to the same contract as the
 * adapter of mediasoup (`test/media/rooms.contract.ts`), but without media: audio goes from `speak` to the audio sink
 * as it is, and phones are played what the test plays.
 */
export interface MemoryRooms extends Rooms {
  /** From now on no room opens, for this reason; null undoes it. */
  setUnavailable(sentence: string | null): void;
  isOpen(id: ConversationId): boolean;
  /** The room that was last opened under this id, open or closed. */
  room(id: ConversationId): MemoryRoom;
}

interface MemoryRoom {
  readonly options: RoomOptions;
  readonly isOpen: boolean;
  /** Every caption, talk time and list of pending phones that was sent, in order. */
  readonly captions: readonly Caption[];
  readonly talkTimes: readonly (readonly PartySpeakingTime[])[];
  readonly pendingPhones: readonly PendingPhone[];
  /** Every state of a call that was set, in order. */
  readonly calls: readonly CallState[];
  readonly captionsOn: boolean;
  readonly captionsDelayed: boolean;
  readonly captionsUnsaved: boolean;
  /** Why captions ended for good; null while they may be switched on. */
  readonly captionsStopped: string | null;
  /** The host's name, null when no person ended it; undefined while it has not ended. */
  readonly endedBy: string | null | undefined;
  readonly participants: readonly MemoryParticipant[];
  /** A browser joins. @throws Error with the sentence that the page would show */
  join(person: MeetingPerson): MemoryBrowser;
  /** The connected phone of a leg. @throws Error when there is none */
  phone(legId: LegId): MemoryPhone;
}

interface MemoryParticipant {
  readonly id: string;
  readonly party: number;
  readonly person: MeetingPerson;
}

/** Everything a page can do. Refusals are errors with the sentence that the page would show. */
interface MemoryBrowser extends MemoryParticipant {
  consent(accepted: boolean): void;
  /** Opens the microphone: the audio sink opens if the person consented and captions are on. */
  openMicrophone(): void;
  closeMicrophone(): void;
  mute(muted: boolean): void;
  /** 16 kHz linear16. Goes nowhere while no one may hear it. */
  speak(audio: Uint8Array, atMs: number): void;
  pause(): void;
  leave(): void;
  transcript(since: number): ReturnType<RoomOptions['transcript']>;
  requestPhone(number: string): Promise<void>;
  hangUp(legId: LegId): void;
  // For the host only.
  switchCaptions(on: boolean): void;
  remove(participant: MemoryParticipant): void;
  mutePhone(legId: LegId, muted: boolean): void;
  end(): void;
}

interface MemoryPhone extends MemoryParticipant {
  readonly legId: LegId;
  readonly name: string;
  readonly consented: boolean;
  readonly muted: boolean;
  /** Plays a frame to the phone, as the room's mix would. */
  play(mulaw: Uint8Array): void;
}

const LIMIT = 100;

export const createMemoryRooms = (): MemoryRooms => {
  const rooms = new Map<ConversationId, MemoryRoomState>();
  let unavailable: string | null = null;
  return {
    unavailableReason: () => unavailable,
    async open(id, options) {
      if (unavailable !== null) throw mediaFailed(unavailable);
      const room = new MemoryRoomState(options);
      rooms.set(id, room);
      return room;
    },
    setUnavailable(sentence) {
      unavailable = sentence;
    },
    isOpen: (id) => rooms.get(id)?.isOpen ?? false,
    room(id) {
      const room = rooms.get(id);
      if (room === undefined) throw new Error('no room was opened for this conversation');
      return room;
    },
  };
};

const mediaFailed = (userMessage: string): AppError =>
  new AppError({ code: 'media-failed', retryable: false, userMessage });

interface Participant extends MemoryParticipant {
  /** Null for a browser. */
  readonly phone: { readonly legId: LegId; output: LegAudioOutput } | null;
  readonly audio: LiveOptions['audio'];
  consented: boolean;
  microphone: boolean;
  muted: boolean;
  sink: AudioSink | null;
}

class MemoryRoomState implements Room, MemoryRoom {
  readonly options: RoomOptions;
  readonly captions: Caption[] = [];
  readonly talkTimes: (readonly PartySpeakingTime[])[] = [];
  pendingPhones: readonly PendingPhone[] = [];
  readonly calls: CallState[] = [];
  captionsOn: boolean;
  captionsDelayed = false;
  captionsUnsaved = false;
  captionsStopped: string | null;
  endedBy: string | null | undefined;
  isOpen = true;
  readonly #participants = new Map<string, Participant>();
  readonly #parties: MemberId[];
  readonly #removed: Set<MemberId>;

  constructor(options: RoomOptions) {
    this.options = options;
    this.captionsStopped = options.captionsStopped;
    this.captionsOn = options.captionsOn && options.captionsStopped === null;
    this.#parties = [...options.parties];
    this.#removed = new Set(options.removed);
  }

  get participants(): readonly MemoryParticipant[] {
    return [...this.#participants.values()];
  }

  // ---------------------------------------------------------------- the port

  sendCaption(caption: Caption): void {
    this.captions.push(caption);
  }
  setCaptionsDelayed(delayed: boolean): void {
    this.captionsDelayed = delayed;
  }
  setCaptionsUnsaved(unsaved: boolean): void {
    this.captionsUnsaved = unsaved;
  }
  stopCaptions(sentence: string): void {
    if (this.captionsStopped !== null) return;
    this.captionsStopped = sentence;
    this.captionsOn = false;
    this.#syncSinks();
  }
  setPendingPhones(phones: readonly PendingPhone[]): void {
    this.pendingPhones = phones;
  }
  setCall(call: CallState): void {
    this.calls.push(call);
  }
  sendTalkTime(parties: readonly PartySpeakingTime[]): void {
    this.talkTimes.push(parties);
  }

  async addPhone(
    { legId, name, consented }: Parameters<Room['addPhone']>[0],
    output: LegAudioOutput,
  ): Promise<PhoneParticipant> {
    if (!this.isOpen) throw mediaFailed('This meeting has ended.');
    const earlier = this.#phoneOf(legId);
    const participant =
      earlier ??
      this.#add({
        person: { personId: phonePersonId(legId), name, host: false },
        phone: { legId, output },
        audio: { encoding: 'mulaw', sampleRateHz: 8_000 },
        microphone: true,
      });
    participant.consented = consented;
    participant.phone!.output = output;
    this.#syncSinks();
    const isCurrent = (): boolean =>
      this.#participants.get(participant.id) === participant && participant.phone?.output === output;
    return {
      party: participant.party,
      receive: (mulaw) => {
        if (isCurrent() && !participant.muted) participant.sink?.write(mulaw.slice(), this.options.nowMs());
      },
      decline: () => {
        if (!isCurrent()) return;
        participant.consented = false;
        this.#syncSinks();
      },
      leave: () => isCurrent() && this.#leave(participant),
    };
  }

  end(by: string | null): void {
    if (!this.isOpen) return;
    this.endedBy = by;
    const phones = [...this.#participants.values()].flatMap(({ phone }) => phone ?? []);
    this.close();
    for (const { output } of phones) output.removed();
  }

  close(): void {
    this.isOpen = false;
    this.#participants.forEach(closeSink);
    this.#participants.clear();
  }

  // ---------------------------------------------------------------- what a test does

  join(person: MeetingPerson): MemoryBrowser {
    if (!this.isOpen) throw new Error('This meeting has ended.');
    if (this.#removed.has(person.personId)) throw new Error('The host removed you from this meeting.');
    const audio = { encoding: 'linear16', sampleRateHz: 16_000 } as const;
    return this.#browser(this.#add({ person, phone: null, audio, microphone: false }));
  }

  phone(legId: LegId): MemoryPhone {
    const participant = this.#phoneOf(legId);
    if (participant === undefined) throw new Error('this phone is not in the room');
    return {
      id: participant.id,
      party: participant.party,
      person: participant.person,
      legId,
      name: participant.person.name,
      consented: participant.consented,
      muted: participant.muted,
      play: (mulaw) => participant.phone?.output.play(mulaw),
    };
  }

  #browser(participant: Participant): MemoryBrowser {
    const { id, party, person } = participant;
    const { on } = this.options;
    const requireHost = (): void => {
      if (!person.host) throw new Error('Only the host can do that.');
    };
    return {
      id,
      party,
      person,
      consent: (accepted) => this.#change(participant, { consented: accepted }),
      openMicrophone: () => this.#change(participant, { microphone: true }),
      closeMicrophone: () => this.#change(participant, { microphone: false }),
      mute: (muted) => {
        if (muted && !participant.muted) participant.sink?.pause();
        this.#change(participant, { muted });
      },
      speak: (audio, atMs) => !participant.muted && participant.sink?.write(audio, atMs),
      pause: () => participant.sink?.pause(),
      leave: () => this.#leave(participant),
      transcript: (since) => this.options.transcript(since),
      requestPhone: async (number) => {
        if (!this.options.mayAddPhone) throw new Error('Phones can’t be added to this meeting.');
        const sentence = await on.phoneRequested(person, number);
        if (sentence !== null) throw new Error(sentence);
      },
      hangUp: (legId) => {
        const isPending = this.pendingPhones.some((phone) => phone.legId === legId);
        if (!isPending && this.#phoneOf(legId) === undefined) {
          throw new Error('That phone has already hung up.');
        }
        on.hangUpRequested(person, legId);
      },
      switchCaptions: (switchedOn) => {
        requireHost();
        if (this.captionsStopped !== null) throw new Error(this.captionsStopped);
        if (this.captionsOn === switchedOn) return;
        this.captionsOn = switchedOn;
        this.#syncSinks();
        on.captionsSwitched(switchedOn);
      },
      remove: (target) => {
        requireHost();
        this.#remove(target);
      },
      mutePhone: (legId, muted) => {
        requireHost();
        const phone = this.#phoneOf(legId);
        if (phone !== undefined) phone.muted = muted;
      },
      end: () => {
        requireHost();
        if (!this.isOpen) return;
        this.end(person.name);
        on.ended(person.personId);
      },
    };
  }

  #add(options: Pick<Participant, 'person' | 'phone' | 'audio' | 'microphone'>): Participant {
    if (this.#participants.size >= LIMIT) {
      throw mediaFailed(`This meeting is full: the limit is ${LIMIT} people.`);
    }
    const { personId } = options.person;
    const known = this.#parties.indexOf(personId);
    const party = known === -1 ? this.#parties.push(personId) - 1 : known;
    const participant: Participant = {
      ...options,
      id: randomUUID(),
      party,
      consented: false,
      muted: false,
      sink: null,
    };
    this.#participants.set(participant.id, participant);
    this.options.on.joined(participant.id, party, options.person);
    return participant;
  }

  #change(
    participant: Participant,
    change: Partial<Pick<Participant, 'consented' | 'microphone' | 'muted'>>,
  ): void {
    Object.assign(participant, change);
    this.#syncSinks();
  }

  #remove(target: MemoryParticipant): void {
    const participant = this.#participants.get(target.id);
    if (participant === undefined) throw new Error('That person has left.');
    if (participant.phone !== null) {
      const { output } = participant.phone;
      this.#leave(participant);
      output.removed();
      return;
    }
    const { personId } = participant.person;
    this.#removed.add(personId);
    for (const each of this.#participants.values()) {
      if (each.person.personId === personId) this.#leave(each);
    }
    this.options.on.removed(personId);
  }

  #leave(participant: Participant): void {
    if (!this.#participants.delete(participant.id)) return;
    closeSink(participant);
    const all = [...this.#participants.values()];
    const phones = all.filter(({ phone }) => phone !== null).length;
    this.options.on.left(participant.id, { browsers: all.length - phones, phones });
  }

  #phoneOf(legId: LegId): Participant | undefined {
    return [...this.#participants.values()].find(({ phone }) => phone?.legId === legId);
  }

  /** Whose audio is transcribed follows from consent, microphone and captions alone. */
  #syncSinks(): void {
    for (const participant of this.#participants.values()) {
      const isTranscribed = participant.consented && participant.microphone && this.captionsOn;
      if (!isTranscribed) closeSink(participant);
      else participant.sink ??= this.options.openAudioSink(participant.party, participant.audio);
    }
  }
}

const closeSink = (participant: Participant): void => {
  participant.sink?.close();
  participant.sink = null;
};
