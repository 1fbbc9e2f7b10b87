import type { Log } from '../../core/ports.ts';
import type { FrameClock } from '../phones/frame-clock.ts';
import type { ResumeTokens } from '../resume-tokens.ts';
import type { RoomLimits } from '../room.ts';
import type { TapListener } from '../tap.ts';
import type { Workers } from '../workers.ts';
import type { IceServer, Transcript } from './messages.ts';
import type { Identity } from './participant.ts';
import type { Speaker } from './transcription-taps.ts';

/** What the rest of Parley hears of a meeting, and gives to it. None of these may throw. */
export interface MeetingParts {
  /** Takes the sound of one speaker who agreed to it, while captions are on, until `closed`. */
  readonly listen: (speaker: Speaker) => TapListener;
  readonly transcript: (since: number) => Transcript;
  /** For one person's browser. */
  readonly iceServers: (identity: Identity) => readonly IceServer[];
  readonly joined: (peer: {
    readonly peerId: string;
    readonly partyIndex: number;
    readonly identity: Identity;
  }) => void;
  /** For good, while the meeting goes on; `here` is who is left, those with a broken line among them. */
  readonly left: (peer: {
    readonly peerId: string;
    readonly partyIndex: number;
    readonly here: { readonly browsers: number; readonly phones: number };
  }) => void;
  /** The host removed somebody, who must stay out. */
  readonly removed: (identity: Identity) => void;
  readonly captionsSwitched: (on: boolean, by: Identity) => void;
  /** Somebody wants a telephone rung into the meeting. Answers why not, as a sentence. */
  readonly phoneAsked: (by: Identity, number: string) => Promise<string | null>;
  /** Somebody wants a telephone of this meeting to be hung up. */
  readonly hangUpAsked: (by: Identity, legId: string) => void;
  /** The host ended it; everybody is out already. Not called for `close`. */
  readonly ended: (by: Identity) => void;
}

export interface MeetingOptions {
  readonly title: string;
  readonly workers: Workers;
  readonly parts: MeetingParts;
  readonly log: Log;
  /** The meeting's clock: milliseconds since it began, monotonic. */
  readonly nowMs: () => number;
  readonly captionsOn: boolean;
  /** Why captions ended for good, as a sentence. */
  readonly captionsStopped?: string | null;
  /** Whether telephones can be rung from the page. */
  readonly mayAddPhone?: boolean;
  /** Paces what telephones are played. */
  readonly frameClock: FrameClock;
  /** Persons by party index, when the meeting goes on from an earlier process. */
  readonly parties?: readonly string[];
  /** Persons whom the host removed before. */
  readonly removedPersons?: readonly string[];
  /** Makes the tokens with which places are taken up again; without, only this meeting object knows them. */
  readonly seats?: ResumeTokens;
  readonly limits?: RoomLimits;
  readonly resumeWithinMs?: number;
}
