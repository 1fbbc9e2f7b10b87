import type { ConversationId, LegId, MemberId, WorkspaceId } from '../ids.ts';
import type { MeetingLine, MeetingParty } from '../meeting/lines.ts';
import type { LiveOptions } from './speech.ts';

/** Where people meet: media and signalling. */
export interface Rooms {
  /** Why no meeting can be held at the moment, as a sentence with what to do; null when all is there. */
  unavailableReason(): string | null;
  /**
   * Opens the room of a meeting in this process.
   * @throws AppError `media-failed`
   */
  open(id: ConversationId, options: RoomOptions): Promise<Room>;
}

/** Somebody at the door of a meeting, as their link said. */
export interface MeetingPerson {
  readonly personId: MemberId;
  readonly name: string;
  readonly host: boolean;
}

export interface RoomOptions {
  readonly title: string;
  readonly captionsOn: boolean;
  /** Why captions ended for good, as a sentence; null while they may be switched on. */
  readonly captionsStopped: string | null;
  /** Whether telephones can be rung from the page. */
  readonly mayAddPhone: boolean;
  /** By their numbers, when the meeting goes on from an earlier process. */
  readonly parties: readonly MemberId[];
  /** Who was removed, and stays out. */
  readonly removed: readonly MemberId[];
  /** The meeting's clock. */
  readonly nowMs: () => number;
  /** Final captions after number `since`, as many as fit into an answer, the number of the last, and whether there are more. */
  readonly transcript: (since: number) => {
    readonly lines: readonly MeetingLine[];
    readonly last: number;
    readonly more: boolean;
    readonly parties: readonly MeetingParty[];
  };
  /**
   * Somebody who agreed to it is going to be heard. Nothing comes while they are muted or captions are off. What
   * people say in a browser is 16 kHz linear16, what they say on a telephone 8 kHz mulaw.
   */
  readonly openAudioSink: (party: number, audio: LiveOptions['audio']) => AudioSink;
  readonly on: RoomListener;
}

/** Takes the sound of one speaker. None of these may throw. */
export interface AudioSink {
  /** One channel, at most 100 ms, silence left out; `atMs` is on the meeting's clock. */
  readonly write: (audio: Uint8Array, atMs: number) => void;
  readonly pause: () => void;
  /** Nothing follows. */
  readonly close: () => void;
}

/** None of these may throw. */
interface RoomListener {
  /**
   * `place` is one browser of theirs, of which a person may have several, or one telephone. The person of a telephone
   * is `phone:` and the id of its leg, and no member of the chat.
   */
  readonly joined: (place: string, party: number, person: MeetingPerson) => void;
  /** For good; `here` is how many places are still taken. */
  readonly left: (place: string, here: { readonly browsers: number; readonly phones: number }) => void;
  readonly removed: (personId: MemberId) => void;
  readonly captionsSwitched: (on: boolean) => void;
  /** The host ended it, and everybody is out. */
  readonly ended: (by: MemberId) => void;
  /** Somebody in it wants a telephone rung into it. Answers why not, as a sentence. */
  readonly phoneRequested: (by: MeetingPerson, number: string) => Promise<string | null>;
  /** Somebody in it wants a telephone to be hung up that rings or is in. */
  readonly hangUpRequested: (by: MeetingPerson, legId: LegId) => void;
}

export interface Room {
  sendCaption(caption: RoomCaption): void;
  setCaptionsDelayed(delayed: boolean): void;
  /** Captions end for good, and nobody can switch them on again; `sentence` says why. */
  stopCaptions(sentence: string): void;
  /**
   * Gives a telephone a place. It is a party like everybody else: captioned once `consented`, muted and removed by the
   * host. It hears everybody but itself. A leg that has a place already keeps it, with the new line; what the earlier
   * `PhonePlace` is told from then on changes nothing.
   * @throws AppError when the room is full or closed
   */
  addPhone(
    phone: { readonly legId: LegId; readonly name: string; readonly consented: boolean },
    line: LegAudioOutput,
  ): Promise<PhoneParticipant>;
  /** Telephones that are not in (yet), for the page: all of them, each time anything changes. */
  setPendingPhones(phones: readonly PendingPhone[]): void;
  sendTalkTime(parties: readonly { readonly partyIndex: number; readonly speakingMs: number }[]): void;
  /** Tells everybody that it is over, and closes it; `ended` is not called. */
  end(by: string | null): void;
  /** Closes it for this process only: pages come back. Idempotent, as all that close. */
  close(): void;
}

/** The way to one telephone. None of these may throw. */
export interface LegAudioOutput {
  /** 20 ms of mulaw at 8 kHz, 160 bytes, when they are due; silence too. Several telephones may be given the same bytes. */
  readonly play: (mulaw: Uint8Array) => void;
  /** Its place was taken away: the host removed it, or the meeting ended. */
  readonly removed: () => void;
}

/** A telephone's place in a room. */
export interface PhoneParticipant {
  readonly party: number;
  /** What the telephone says: mulaw at 8 kHz; `atMs` of its first sample, on the line's own clock. Copied. */
  receive(mulaw: Uint8Array, atMs: number): void;
  /** What it says is not captioned from now on. Idempotent. */
  decline(): void;
  /** Gives the place up. Idempotent. */
  leave(): void;
}

/** A telephone that rings, or that did not come. */
export interface PendingPhone {
  readonly legId: LegId;
  readonly name: string;
  readonly state: 'ringing' | 'busy' | 'no-answer' | 'failed' | 'room-full';
}

/** What is being said. The first `committed` characters of `text` never change again. */
export interface RoomCaption {
  readonly partyIndex: number;
  readonly id: string;
  readonly text: string;
  readonly committed: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly isFinal: boolean;
}

/** Whom a link into a meeting is for. */
export interface MeetingPass {
  readonly conversationId: ConversationId;
  readonly workspaceId: WorkspaceId;
  readonly personId: MemberId;
}

/** A link into a meeting, as somebody brings it. */
export interface MeetingLink {
  /** Of this link alone: who presses Join twice has two. */
  readonly id: string;
  readonly pass: MeetingPass;
  /** It still says who its person is, but lets nobody in by itself. */
  readonly expired: boolean;
  /** Which browser brings it, by something that no other browser knows; null when it does not say. */
  readonly browser: string | null;
}

/** What a meeting's page asks for, the flows answer. A link belongs to the browser that is the first to bring it. */
export interface MeetingAccess {
  /** For the page before one joins. Null for a meeting that there is not. */
  info(link: MeetingLink): Promise<{
    readonly title: string;
    readonly name: string;
    readonly host: boolean;
    /** Null while nobody has been in. */
    readonly startedAtMs: number | null;
    /** Why nobody can come in any more, as a sentence; null while they can. */
    readonly closed: string | null;
    /** What keeps this copy from holding it at the moment, as a sentence; null when nothing does. */
    readonly unavailable: string | null;
    /** Where the copy is that carries it, when that is another one. */
    readonly redirectUrl: string | null;
  } | null>;
  /**
   * Opens the meeting's room in this process, unless another copy has it. Who has been in is let in by an expired link
   * as well, and then has to show the room the token of their place.
   */
  admit(link: MeetingLink): Promise<Admission>;
}

export type Admission = { readonly kind: 'hosted'; readonly person: MeetingPerson } | NotHosted;

/** Why this instance does not host a meeting. */
export type NotHosted =
  /** Another instance does; its URL may be this one's when a load balancer serves both. */
  | { readonly kind: 'redirect'; readonly url: string }
  /** `sentence` is for the person; `final`: trying again later is of no use. */
  | { readonly kind: 'closed'; readonly sentence: string; readonly final: boolean };
