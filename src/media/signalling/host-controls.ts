import type { MeetingPerson, RoomOptions } from '../../core/ports.ts';
import { Refused } from '../refused.ts';
import { CANNOT_REMOVE_YOURSELF } from '../sentences.ts';
import type { CaptionsSwitch } from './captions-switch.ts';
import { CLOSE } from './limits.ts';
import type { Participant } from './participant.ts';
import type { Roster } from './roster.ts';

interface HostControlsOptions {
  readonly room: Pick<RoomOptions, 'on' | 'removed'>;
  readonly roster: Roster;
  readonly captions: CaptionsSwitch;
  readonly leave: (participant: Participant) => void;
  readonly isClosed: () => boolean;
  readonly end: (by: string) => void;
}

/** What the host of a meeting can do to it and its participants. */
export class HostControls {
  readonly #options: HostControlsOptions;
  /** By person id. */
  readonly #removed: Set<string>;

  constructor(options: HostControlsOptions) {
    this.#options = options;
    this.#removed = new Set(options.room.removed);
  }

  hasRemoved({ personId }: MeetingPerson): boolean {
    return this.#removed.has(personId);
  }

  async mute(target: Participant, by: MeetingPerson): Promise<void> {
    const { roster } = this.#options;
    if (target.phone !== null) return await target.phone.setMuted(true);
    const microphone = target.media?.sent.get('microphone');
    if (microphone === undefined || microphone.producer.paused) return;
    await microphone.producer.pause();
    roster.notify(target, { notification: 'youWereMuted', by: by.name });
    roster.notifyUpdated(target);
  }

  /** @throws Refused `bad-request` for a browser: people unmute themselves */
  async unmutePhone({ phone }: Participant): Promise<void> {
    if (phone === null) throw new Refused('bad-request', { reason: 'not a phone' });
    await phone.setMuted(false);
  }

  /**
   * Removes a person from all their devices, for good. A phone is hung up, and may be called again.
   * @throws Refused `bad-request` for the host's own devices
   */
  remove(target: Participant, by: MeetingPerson): void {
    const { room, roster, leave } = this.#options;
    if (target.person.personId === by.personId) {
      throw new Refused('bad-request', { sentence: CANNOT_REMOVE_YOURSELF });
    }
    if (target.phone !== null) {
      target.phone.remove();
      leave(target);
      return;
    }
    const { personId } = target.person;
    this.#removed.add(personId);
    for (const participant of roster.of(target.person)) {
      roster.notify(participant, { notification: 'removed', by: by.name });
      participant.channel?.close(CLOSE.removed, 'The host removed you.');
      leave(participant);
    }
    room.on.removed(personId);
  }

  /** @throws Refused `not-allowed` once captions ended for good */
  switchCaptions(on: boolean): void {
    if (this.#options.captions.set(on)) this.#options.room.on.captionsSwitched(on);
  }

  end(by: MeetingPerson): void {
    const { room, isClosed, end } = this.#options;
    if (isClosed()) return;
    end(by.name);
    room.on.ended(by.personId);
  }
}
