import type { RtpCapabilities } from 'mediasoup/types';
import type { Sent } from '../peer.ts';
import { Refused } from '../refused.ts';
import { ROOM_LIMITS, Room } from '../room.ts';
import { CaptionsSwitch } from './captions-switch.ts';
import type { Channel } from './channel.ts';
import { CLOSE, RESUME_WITHIN_MS } from './limits.ts';
import type { MeetingOptions } from './meeting-options.ts';
import { MeetingPhones } from './meeting-phones.ts';
import type { Caption, IceServer, Notification, Transcript, TransportIds } from './messages.ts';
import { PagesMedia } from './pages-media.ts';
import { type Identity, type Participant, takeUp, viewOf } from './participant.ts';
import { Roster } from './roster.ts';
import { createTranscriptionTaps, microphonesOf, type TranscriptionTaps } from './transcription-taps.ts';

/** One meeting while it runs: who is in, what each may do, and what everybody is told. */
export class Meeting {
  readonly #options: MeetingOptions;
  readonly #roster: Roster;
  readonly #removed: Set<string>;
  #room!: Room;
  #ears!: TranscriptionTaps;
  #phones!: MeetingPhones;
  #media!: PagesMedia;
  readonly #captions: CaptionsSwitch;
  #closed = false;

  /** @throws AppError `media-failed` when no worker lives */
  static async create(options: MeetingOptions): Promise<Meeting> {
    const meeting = new Meeting(options);
    const { workers, limits, log, nowMs, parts, frameClock } = options;
    const room = await Room.create({
      workers,
      ...(limits === undefined ? {} : { limits }),
      log,
      nowMs,
      on: {
        levels: (levels) => meeting.#roster.tellAll({ notification: 'audioLevels', levels }),
        activeSpeaker: (peerId) => meeting.#roster.tellAll({ notification: 'activeSpeaker', peerId }),
        opened: (sent) => meeting.#streamsChanged(sent),
        closed: (sent) => meeting.#streamsChanged(sent),
      },
    });
    meeting.#room = room;
    meeting.#media = new PagesMedia({ room, roster: meeting.#roster });
    meeting.#ears = createTranscriptionTaps({
      tap: (sent, on) => room.tap(sent, on),
      listen: parts.listen,
      log,
    });
    meeting.#phones = new MeetingPhones({
      roster: meeting.#roster,
      room,
      frameClock,
      parts,
      mayAsk: options.mayAddPhone ?? false,
      isOver: () => meeting.#closed,
      log,
      nowMs,
      joined: (place) => meeting.#joined(place),
      leave: (place) => meeting.leave(place),
      changed: (place) => {
        meeting.updated(place);
        meeting.#microphonesChanged();
      },
    });
    return meeting;
  }

  private constructor(options: MeetingOptions) {
    this.#options = options;
    this.#roster = new Roster({
      parties: options.parties ?? [],
      limit: (options.limits ?? ROOM_LIMITS).peers,
      ...(options.seats === undefined ? {} : { seats: options.seats }),
    });
    this.#removed = new Set(options.removedPersons);
    this.#captions = new CaptionsSwitch({
      on: options.captionsOn,
      stopped: options.captionsStopped ?? null,
      changed: () => this.#microphonesChanged(),
      tellAll: (notification) => this.#roster.tellAll(notification),
    });
  }

  get title(): string {
    return this.#options.title;
  }
  get captions(): CaptionsSwitch {
    return this.#captions;
  }
  get phones(): MeetingPhones {
    return this.#phones;
  }
  get media(): PagesMedia {
    return this.#media;
  }
  get rtpCapabilities(): RtpCapabilities {
    return this.#room.rtpCapabilities;
  }
  get places(): ReadonlyMap<string, Participant> {
    return this.#roster.places;
  }
  nowMs(): number {
    return this.#options.nowMs();
  }
  iceServers(identity: Identity): readonly IceServer[] {
    return this.#options.parts.iceServers(identity);
  }
  transcript(since: number): Transcript {
    return this.#options.parts.transcript(since);
  }

  // ---------------------------------------------------------------- coming and going

  /**
   * Gives somebody a place, or the one they had: by its token, or because the same person's line broke.
   * @throws Refused `not-allowed` for whom the host removed, `full`, `wrong-order` when it is over
   */
  join(options: {
    readonly line: Channel;
    readonly identity: Identity;
    readonly rtpCapabilities: RtpCapabilities;
    readonly resumeToken: string | undefined;
    readonly transports: TransportIds | undefined;
  }): { readonly place: Participant; readonly resumed: boolean } {
    const { line, identity, rtpCapabilities, transports } = options;
    if (this.#closed) throw new Refused('wrong-order', 'This meeting has ended.');
    if (this.#removed.has(identity.personId)) {
      throw new Refused('not-allowed', 'The host removed you from this meeting.');
    }
    if (identity.mustResume && !this.#roster.isSeat(identity, options.resumeToken)) {
      throw new Refused('not-allowed', 'Your link has expired. Press Join in Slack for a new one.');
    }
    const earlier = this.#roster.earlier(identity, options.resumeToken);
    if (earlier !== undefined) {
      takeUp(earlier, { line, rtpCapabilities, transports });
      this.#roster.updated(earlier);
      return { place: earlier, resumed: true };
    }
    const place = this.#roster.add(identity, line, rtpCapabilities);
    this.#joined(place);
    return { place, resumed: false };
  }

  #joined(place: Participant): void {
    const { peerId, partyIndex, identity } = place;
    this.#roster.tellAll({ notification: 'peerJoined', peer: viewOf(place) }, (other) => other !== place);
    this.#options.parts.joined({ peerId, partyIndex, identity });
  }

  /** The line broke. The place, and what still flows, is kept for a while. */
  lineLost(place: Participant, line: Channel): void {
    if (place.line !== line || !this.places.has(place.peerId)) return;
    place.line = null;
    place.leaveTimer = setTimeout(() => this.leave(place), this.#options.resumeWithinMs ?? RESUME_WITHIN_MS);
    place.leaveTimer.unref();
    this.#roster.updated(place);
  }

  /** Idempotent. */
  leave(place: Participant): void {
    if (!this.#roster.remove(place)) return;
    if (place.leaveTimer !== null) clearTimeout(place.leaveTimer);
    place.phone?.close();
    place.media?.close();
    place.media = null;
    place.line?.close(1000, 'You left.');
    place.line = null;
    this.#roster.tellAll({ notification: 'peerLeft', peerId: place.peerId });
    const { peerId, partyIndex } = place;
    // The last telephone takes with it what was done for telephones.
    this.#microphonesChanged();
    this.#options.parts.left({ peerId, partyIndex, here: this.#roster.here() });
  }

  setConsent(place: Participant, accepted: boolean): void {
    place.consented = accepted;
    this.#microphonesChanged();
  }

  // ---------------------------------------------------------------- what the host may

  async mute(target: Participant, by: Identity): Promise<void> {
    if (target.phone !== null) return await target.phone.setMuted(true);
    const microphone = target.media?.sent.get('microphone');
    if (microphone === undefined || microphone.producer.paused) return;
    await microphone.producer.pause();
    this.#roster.tell(target, { notification: 'youWereMuted', by: by.name });
    this.updated(target);
  }

  /** @throws Refused `bad-request` for a browser: people unmute themselves */
  async unmutePhone({ phone }: Participant): Promise<void> {
    if (phone === null) {
      throw new Refused('bad-request', 'They are not on a telephone, and unmute themselves.');
    }
    await phone.setMuted(false);
  }

  /** And everywhere else where the same person is in; they stay out. */
  remove(target: Participant, by: Identity): void {
    if (target.phone !== null) {
      // Its line is hung up, and whoever is to be rung again may be.
      target.phone.remove();
      this.leave(target);
      return;
    }
    const { personId } = target.identity;
    this.#removed.add(personId);
    for (const place of this.#roster.of(target.identity)) {
      this.#roster.tell(place, { notification: 'removed', by: by.name });
      place.line?.close(CLOSE.removed, 'The host removed you.');
      this.leave(place);
    }
    this.#options.parts.removed(target.identity);
  }

  /** @throws Refused `not-allowed` once they ended for good */
  switchCaptions(on: boolean, by: Identity): void {
    if (this.#captions.set(on)) this.#options.parts.captionsSwitched(on, by);
  }

  /** @param by null when nobody did: a telephone hung up, or its time was over */
  end(by: Identity | null): void {
    if (this.#closed) return;
    this.#roster.tellAll({ notification: 'meetingEnded', by: by?.name ?? null });
    this.#closeWith(CLOSE.ended, 'The meeting ended.');
    if (by !== null) this.#options.parts.ended(by);
  }

  // ---------------------------------------------------------------- what the rest of Parley tells everybody

  /** To those who want captions. */
  caption(caption: Caption): void {
    this.#roster.tellAll({ notification: 'caption', caption }, (place) => place.captionsWanted);
  }

  talkTime(parties: Extract<Notification, { notification: 'talkTime' }>['parties']): void {
    this.#roster.tellAll({ notification: 'talkTime', parties });
  }

  /** Tells everybody how somebody is now. */
  updated(place: Participant): void {
    this.#roster.updated(place);
  }

  /**
   * Ends it for this process: lines first, so that nobody is told of what falls apart, then the room, which closes
   * streams, taps and routers. Pages take it for a broken line and come back. Idempotent.
   */
  close(): void {
    this.#closeWith(1012, 'Parley restarts.');
  }

  #closeWith(code: number, reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const place of this.places.values()) {
      if (place.leaveTimer !== null) clearTimeout(place.leaveTimer);
      place.line?.close(code, reason);
      place.line = null;
      if (code === CLOSE.ended) place.phone?.remove();
      else place.phone?.close();
      this.#roster.remove(place);
    }
    // Nobody is in any more: taps and the telephones' mix end before what they listen to.
    this.#microphonesChanged();
    this.#room.close();
  }

  #streamsChanged({ source, sender }: Sent): void {
    const place = this.places.get(sender.id);
    if (place !== undefined && place.media === sender) this.updated(place);
    if (source === 'microphone') this.#microphonesChanged();
  }

  /** The one place that decides whose sound goes to the speech engine, and to telephones. Muted microphones send none. */
  #microphonesChanged(): void {
    const all = microphonesOf(this.places.values());
    const consented = microphonesOf([...this.places.values()].filter((place) => place.consented));
    this.#ears.sync(this.#captions.on ? consented : new Map());
    this.#phones.hear(all);
  }
}
