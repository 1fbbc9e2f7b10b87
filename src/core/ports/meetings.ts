import type { ConversationId, MemberId, WorkspaceId } from '../ids.ts';
import type { MeetingLine, MeetingParty } from '../meeting/lines.ts';

/** Where people meet: media and signalling. */
export interface Rooms {
  /** Why no meeting can be held at the moment, as a sentence with what to do; null when all is there. */
  missing(): string | null;
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
  /** Somebody who agreed to it is going to be heard. Nothing comes while they are muted or captions are off. */
  readonly listen: (party: number) => Ear;
  readonly on: RoomListener;
}

/** Takes the sound of one speaker. None of these may throw. */
export interface Ear {
  /** 16 kHz mono linear16, at most 100 ms, silence left out; `atMs` is on the meeting's clock. */
  readonly audio: (pcm: Uint8Array, atMs: number) => void;
  readonly pause: () => void;
  /** Nothing follows. */
  readonly closed: () => void;
}

/** None of these may throw. */
interface RoomListener {
  /** `place` is one browser of theirs; a person may have several. */
  readonly joined: (place: string, party: number, person: MeetingPerson) => void;
  /** For good; `here` is how many places are still taken. */
  readonly left: (place: string, here: number) => void;
  readonly removed: (personId: MemberId) => void;
  readonly captionsSwitched: (on: boolean) => void;
  /** The host ended it, and everybody is out. */
  readonly ended: (by: MemberId) => void;
}

export interface Room {
  caption(caption: RoomCaption): void;
  captionsDelayed(delayed: boolean): void;
  talkTime(parties: readonly { readonly partyIndex: number; readonly speakingMs: number }[]): void;
  /** Tells everybody that it is over, and closes it; `ended` is not called. */
  end(by: string | null): void;
  /** Closes it for this process only: pages come back. Idempotent, as all that close. */
  close(): void;
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

/** What a link into a meeting says. */
export interface MeetingPass {
  readonly conversationId: ConversationId;
  readonly workspaceId: WorkspaceId;
  readonly personId: MemberId;
}

/** What a meeting's page asks for, the flows answer. */
export interface Meetings {
  /** For the page before one joins. Null for a meeting that there is not. */
  info(pass: MeetingPass): Promise<{
    readonly title: string;
    readonly name: string;
    readonly host: boolean;
    /** Null while nobody has been in. */
    readonly startedAtMs: number | null;
    /** Why nobody can come in any more, as a sentence; null while they can. */
    readonly closed: string | null;
    /** What keeps this copy from holding it at the moment, as a sentence; null when nothing does. */
    readonly unavailable: string | null;
    /** Whether this person has been in. */
    readonly knows: boolean;
    /** Where the copy is that carries it, when that is another one. */
    readonly elsewhere: string | null;
  } | null>;
  /** Opens the meeting's room in this process, unless another copy has it. */
  enter(pass: MeetingPass): Promise<Entrance>;
}

export type Entrance =
  | { readonly at: 'here'; readonly person: MeetingPerson }
  /** Another copy has it; its address may be this one's when both are reached through one. */
  | { readonly at: 'elsewhere'; readonly url: string }
  /** Why not, for the person. `over`: it will not be otherwise later. */
  | { readonly at: 'nowhere'; readonly sentence: string; readonly over: boolean };
