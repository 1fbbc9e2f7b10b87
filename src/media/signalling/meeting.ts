import { isDeepStrictEqual } from 'node:util';
import type { RtpCapabilities } from 'mediasoup/types';
import { AppError } from '../../core/error.ts';
import type { CallState } from '../../core/meeting/capture.ts';
import type {
  AudioSink,
  Caption,
  Clock,
  LegAudioOutput,
  Log,
  MeetingPerson,
  PartySpeakingTime,
  PendingPhone,
  PhoneParticipant,
  Room,
  RoomOptions,
} from '../../core/ports.ts';
import { ENGINE_FORMATS } from '../audio/engine-formats.ts';
import { MediaRoom, type MediaRoomLimits, ROOM_LIMITS } from '../media-room.ts';
import type { FrameClock } from '../phones/frame-clock.ts';
import { Refused } from '../refused.ts';
import type { RequestChannel } from '../request-channel.ts';
import type { ResumeTokens } from '../resume-tokens.ts';
import type { SentStream } from '../streams.ts';
import type { TapListener } from '../tap.ts';
import type { Workers } from '../workers.ts';
import { CaptionsSwitch } from './captions-switch.ts';
import { HostControls } from './host-controls.ts';
import { CLOSE, RESUME_GRACE_MS } from './limits.ts';
import { MeetingPhones } from './meeting-phones.ts';
import type { IceServer } from './messages.ts';
import { createMicrophoneTaps, type MicrophoneTaps, microphonesOf, type Speaker } from './microphone-taps.ts';
import { type Participant, viewOf } from './participant.ts';
import { PeerMedia } from './peer-media.ts';
import { Roster } from './roster.ts';

export interface MeetingOptions {
  readonly room: RoomOptions;
  readonly workers: Workers;
  readonly resumeTokens: ResumeTokens;
  readonly iceServers: (personId: string) => readonly IceServer[];
  /** From a tap to the speech engine. */
  readonly pipeAudio: (speaker: Speaker, sink: AudioSink) => TapListener;
  /** Paces what phones are played. */
  readonly frameClock: FrameClock;
  readonly clock: Clock;
  readonly log: Log;
  /** Called once, however it closed. */
  readonly closed: () => void;
  readonly limits?: MediaRoomLimits;
}

/** One meeting while it runs in this process: its participants, their media, and who is transcribed. */
export class Meeting implements Room {
  readonly #options: MeetingOptions;
  readonly roster: Roster;
  readonly captions: CaptionsSwitch;
  readonly host: HostControls;
  readonly media: PeerMedia;
  readonly phones: MeetingPhones;
  readonly #mediaRoom: MediaRoom;
  readonly #transcriptionTaps: MicrophoneTaps;
  #call: CallState | null = null;
  #closed = false;

  /** @throws AppError `media-failed` when no worker lives */
  static async create(options: MeetingOptions): Promise<Meeting> {
    const { workers, limits = ROOM_LIMITS, log } = options;
    const { nowMs } = options.room;
    // Its listener is called for the meeting's streams only, which there are none of before the meeting.
    const meeting: Meeting = new Meeting(
      options,
      await MediaRoom.create({
        workers,
        limits,
        log,
        nowMs,
        on: {
          levels: (levels) => meeting.roster.notifyAll({ notification: 'audioLevels', levels }),
          activeSpeaker: (peerId) => meeting.roster.notifyAll({ notification: 'activeSpeaker', peerId }),
          opened: (sent) => meeting.#streamsChanged(sent),
          closed: (sent) => meeting.#streamsChanged(sent),
        },
      }),
    );
    return meeting;
  }

  private constructor(options: MeetingOptions, mediaRoom: MediaRoom) {
    const { room, resumeTokens, limits = ROOM_LIMITS, frameClock, clock, log } = options;
    this.#options = options;
    this.#mediaRoom = mediaRoom;
    const roster = new Roster({ parties: room.parties, limit: limits.peers, resumeTokens });
    this.roster = roster;
    this.captions = new CaptionsSwitch({
      on: room.captionsOn,
      stopped: room.captionsStopped,
      changed: () => this.#syncTaps(),
      notifyAll: (notification) => roster.notifyAll(notification),
    });
    this.media = new PeerMedia({ room: mediaRoom, roster });
    this.phones = new MeetingPhones({
      roster,
      media: mediaRoom,
      frameClock,
      room,
      isClosed: () => this.#closed,
      clock,
      log,
      joined: (participant) => this.#joined(participant),
      leave: (participant) => this.leave(participant),
      changed: (participant) => {
        roster.notifyUpdated(participant);
        this.#syncTaps();
      },
    });
    this.#transcriptionTaps = createMicrophoneTaps({
      openTap: (sent, on) => mediaRoom.tap(sent, on),
      pipe: (speaker) =>
        options.pipeAudio(speaker, room.openAudioSink(speaker.partyIndex, ENGINE_FORMATS[speaker.codec])),
      log,
    });
    this.host = new HostControls({
      room,
      roster,
      captions: this.captions,
      leave: (participant) => this.leave(participant),
      isClosed: () => this.#closed,
      end: (by) => this.end(by),
    });
  }

  get room(): RoomOptions {
    return this.#options.room;
  }
  get rtpCapabilities(): RtpCapabilities {
    return this.#mediaRoom.rtpCapabilities;
  }
  /** Null for a meeting. */
  get call(): CallState | null {
    return this.#call;
  }
  get isClosed(): boolean {
    return this.#closed;
  }
  iceServers({ personId }: MeetingPerson): readonly IceServer[] {
    return this.#options.iceServers(personId);
  }

  // ---------------------------------------------------------------- participants

  addBrowser(options: Parameters<Roster['addBrowser']>[0]): Participant {
    const participant = this.roster.addBrowser(options);
    this.#joined(participant);
    return participant;
  }

  #joined(participant: Participant): void {
    const { peerId, partyIndex, person } = participant;
    const isOther = (other: Participant): boolean => other !== participant;
    this.roster.notifyAll({ notification: 'peerJoined', peer: viewOf(participant) }, isOther);
    this.room.on.joined(peerId, partyIndex, person);
  }

  /** The participant, and its media, is kept for a while, in which it may resume. */
  channelLost(participant: Participant, channel: RequestChannel): void {
    if (participant.channel !== channel || !this.roster.participants.has(participant.peerId)) return;
    participant.channel = null;
    participant.cancelLeaving = this.#options.clock.after(RESUME_GRACE_MS, () => this.leave(participant));
    this.roster.notifyUpdated(participant);
  }

  /** Idempotent. */
  leave(participant: Participant): void {
    if (!this.roster.remove(participant)) return;
    participant.cancelLeaving?.();
    participant.phone?.close();
    participant.media?.close();
    participant.media = null;
    participant.channel?.close(1000, 'You left.');
    participant.channel = null;
    this.roster.notifyAll({ notification: 'peerLeft', peerId: participant.peerId });
    // The last phone ends the mix.
    this.#syncTaps();
    this.room.on.left(participant.peerId, this.roster.occupancy());
  }

  setConsent(participant: Participant, accepted: boolean): void {
    participant.consented = accepted;
    this.#syncTaps();
  }

  // ---------------------------------------------------------------- the Room port

  sendCaption(caption: Caption): void {
    this.roster.notifyAll({ notification: 'caption', caption }, ({ captionsWanted }) => captionsWanted);
  }

  setCaptionsDelayed(delayed: boolean): void {
    this.captions.setDelayed(delayed);
  }

  setCaptionsUnsaved(unsaved: boolean): void {
    this.captions.setUnsaved(unsaved);
  }

  stopCaptions(sentence: string): void {
    this.captions.stop(sentence);
  }

  async addPhone(phone: Parameters<Room['addPhone']>[0], output: LegAudioOutput): Promise<PhoneParticipant> {
    try {
      return await this.phones.add(phone, output);
    } catch (error) {
      throw error instanceof Refused ? mediaFailed(error) : error;
    }
  }

  setPendingPhones(phones: readonly PendingPhone[]): void {
    this.phones.setPending(phones);
  }

  setCall(call: CallState): void {
    if (isDeepStrictEqual(call, this.#call)) return;
    this.#call = call;
    this.roster.notifyAll({ notification: 'call', call });
  }

  sendTalkTime(parties: readonly PartySpeakingTime[]): void {
    this.roster.notifyAll({ notification: 'talkTime', parties });
  }

  end(by: string | null): void {
    if (this.#closed) return;
    this.roster.notifyAll({ notification: 'meetingEnded', by });
    this.#close(CLOSE.ended, 'The meeting ended.');
  }

  /** Pages see a lost channel and reconnect. */
  close(): void {
    this.#close(SERVICE_RESTART, 'The server is restarting.');
  }

  /** Channels first, so that no page is notified of what closes; then the media room with streams, taps and routers. */
  #close(code: number, reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const participant of this.roster.participants.values()) {
      participant.cancelLeaving?.();
      participant.channel?.close(code, reason);
      participant.channel = null;
      if (code === CLOSE.ended) participant.phone?.remove();
      else participant.phone?.close();
      this.roster.remove(participant);
    }
    // With no participants left, taps and the mix close before what they listen to.
    this.#syncTaps();
    this.#mediaRoom.close();
    this.#options.closed();
  }

  // ---------------------------------------------------------------- streams

  #streamsChanged({ source, sender }: SentStream): void {
    const participant = this.roster.participants.get(sender.id);
    if (participant !== undefined && participant.media === sender) this.roster.notifyUpdated(participant);
    if (source === 'microphone') this.#syncTaps();
  }

  /** Decides who is transcribed, and mixed for phones. Muted microphones send nothing. */
  #syncTaps(): void {
    const participants = [...this.roster.participants.values()];
    const consented = microphonesOf(participants.filter((participant) => participant.consented));
    this.#transcriptionTaps.sync(this.captions.on ? consented : new Map());
    this.phones.syncMix(microphonesOf(participants));
  }
}

/** @see https://www.iana.org/assignments/websocket/websocket.xhtml#close-code-number */
const SERVICE_RESTART = 1012;

const mediaFailed = (refused: Refused): AppError =>
  new AppError({ code: 'media-failed', retryable: false, userMessage: refused.sentence, cause: refused });
