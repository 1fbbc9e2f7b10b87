import type { ConversationId, LegId, MemberId, WorkspaceId } from '../ids.ts';
import type { CallState, Capture } from '../meeting/capture.ts';
import type { MeetingLine, MeetingParty } from '../meeting/lines.ts';
import type { LiveOptions } from './speech.ts';

/** Rooms of meetings and calls: media and signalling. */
export interface Rooms {
  /** Why no room can be opened at the moment, as a sentence with what to do; null when one can. */
  unavailableReason(): string | null;
  /**
   * Opens the room of a meeting in this process.
   * @throws AppError `media-failed`
   */
  open(id: ConversationId, options: RoomOptions): Promise<Room>;
}

/** A person in a room, or a phone: then `personId` is `phone:` and the id of its leg. */
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
  /** Whether phones can be added from the page. */
  readonly mayAddPhone: boolean;
  /** By party number, when the meeting continues from an earlier process. */
  readonly parties: readonly MemberId[];
  /** Removed by the host; they cannot join again. */
  readonly removed: readonly MemberId[];
  /** The meeting's clock: milliseconds since it began, monotonic. */
  readonly nowMs: () => number;
  /** Final captions after number `since`, as many as fit into a response, the number of the last, and whether there are more. */
  readonly transcript: (since: number) => {
    readonly lines: readonly MeetingLine[];
    readonly last: number;
    readonly more: boolean;
    readonly parties: readonly MeetingParty[];
  };
  /**
   * Opened for a participant who consented and whose microphone is on, while captions are on. Audio from a browser is
   * 16 kHz linear16, from a phone 8 kHz mulaw.
   */
  readonly openAudioSink: (party: number, audio: LiveOptions['audio']) => AudioSink;
  readonly on: RoomListener;
}

/** Receives one speaker's audio. None of these may throw. */
export interface AudioSink {
  /** One channel, at most 100 ms, silence left out; `atMs` is on the meeting's clock. */
  readonly write: (audio: Uint8Array, atMs: number) => void;
  readonly pause: () => void;
  /** Nothing follows. */
  readonly close: () => void;
}

/** Participants of a room by what they joined with; those whose connection is lost and may resume are included. */
export interface RoomOccupancy {
  readonly browsers: number;
  readonly phones: number;
}

/** None of these may throw. */
interface RoomListener {
  /** `participantId` is one browser, of which a person may have several, or one phone. */
  readonly joined: (participantId: string, party: number, person: MeetingPerson) => void;
  /** For good. */
  readonly left: (participantId: string, occupancy: RoomOccupancy) => void;
  readonly removed: (personId: MemberId) => void;
  readonly captionsSwitched: (on: boolean) => void;
  /** The host ended the meeting; every participant is disconnected already. */
  readonly ended: (by: MemberId) => void;
  /** A participant wants a phone called into the room. Resolves to why it is not called, as a sentence, or null. */
  readonly phoneRequested: (by: MeetingPerson, number: string) => Promise<string | null>;
  /** A participant wants a phone hung up, whether it rings or is connected. */
  readonly hangUpRequested: (by: MeetingPerson, legId: LegId) => void;
}

export interface Room {
  sendCaption(caption: Caption): void;
  setCaptionsDelayed(delayed: boolean): void;
  /** Whether final captions wait to be stored, for longer than usual. */
  setCaptionsUnsaved(unsaved: boolean): void;
  /** Ends captions for good; `sentence` says why. */
  stopCaptions(sentence: string): void;
  /**
   * Adds a phone as a participant: captioned if `consented`, muted and removed by the host as others are. It receives
   * the mix of everyone else. A leg that is in the room already keeps its party and gets the new audio output; its
   * earlier `PhoneParticipant` then has no effect.
   * @throws AppError when the room is full or closed
   */
  addPhone(
    phone: { readonly legId: LegId; readonly name: string; readonly consented: boolean },
    output: LegAudioOutput,
  ): Promise<PhoneParticipant>;
  /** Phones that are not connected (yet), for the page: all of them, whenever one changes. */
  setPendingPhones(phones: readonly PendingPhone[]): void;
  /** Of a call, whenever it changes; a meeting has none. */
  setCall(call: CallState): void;
  sendTalkTime(parties: readonly PartySpeakingTime[]): void;
  /**
   * Ends the meeting for everyone, and closes the room; `ended` is not called.
   * @param by the host's name; null when no person ended it
   */
  end(by: string | null): void;
  /** Closes it in this process only: pages reconnect. Idempotent. */
  close(): void;
}

/** Audio to one phone. None of these may throw. */
export interface LegAudioOutput {
  /** A frame of 20 ms, mulaw at 8 kHz, 160 bytes, when it is due; silence too. Several phones may share the same bytes. */
  readonly play: (mulaw: Uint8Array) => void;
  /** The host removed the phone, or the meeting ended. */
  readonly removed: () => void;
}

/** A connected phone in a room. */
export interface PhoneParticipant {
  readonly party: number;
  /** Audio from the phone: mulaw at 8 kHz; `atMs` of its first sample, on the leg's own clock. Copied. */
  receive(mulaw: Uint8Array, atMs: number): void;
  /** Withdraws consent: what it says is not captioned from now on. Idempotent. */
  decline(): void;
  /** Idempotent. */
  leave(): void;
}

/** A phone that rings, or that did not connect. */
export interface PendingPhone {
  readonly legId: LegId;
  readonly name: string;
  readonly state: 'ringing' | 'busy' | 'no-answer' | 'failed' | 'room-full';
}

/** A live caption. The first `committed` characters of `text` are final. */
export interface Caption {
  readonly partyIndex: number;
  /** The same from the first interim to the final. */
  readonly id: string;
  readonly text: string;
  readonly committed: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly isFinal: boolean;
}

/** Speaking time so far; overlap counts for each speaker. */
export interface PartySpeakingTime {
  readonly partyIndex: number;
  readonly speakingMs: number;
}

/** Whom a link into a meeting is for. */
export interface MeetingPass {
  readonly conversationId: ConversationId;
  readonly workspaceId: WorkspaceId;
  readonly personId: MemberId;
}

/** A link into a meeting, as a browser presents it. */
export interface MeetingLink {
  /** Unique for each press of Join. */
  readonly id: string;
  readonly pass: MeetingPass;
  /** It still identifies its person, but does not admit anyone by itself. */
  readonly expired: boolean;
  /** Identifies the browser by a secret cookie; null without one. */
  readonly browser: string | null;
}

/** What a meeting's page requests from the flows. A link belongs to the browser that opens it first. */
export interface MeetingAccess {
  /** For the page before joining. Null for an unknown meeting. */
  info(link: MeetingLink): Promise<{
    readonly kind: 'meeting' | 'call';
    /** What becomes of what this person would say. */
    readonly capture: Capture;
    readonly title: string;
    readonly name: string;
    readonly host: boolean;
    /** The address of its thread; null when it cannot be had. */
    readonly threadUrl: string | null;
    /** Null until someone joined. */
    readonly startedAtMs: number | null;
    /** Why no one can join any more, as a sentence; null while they can. */
    readonly closed: string | null;
    /** Why this instance can't host it at the moment, as a sentence; null when it can. */
    readonly unavailable: string | null;
    /** The URL of the instance that hosts it, when that is another one. */
    readonly redirectUrl: string | null;
  } | null>;
  /**
   * Opens the meeting's room in this process, unless another instance hosts it. An expired link admits people who have
   * been in before; the room then requires their resume token.
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
