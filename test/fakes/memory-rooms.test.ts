import { describe, expect, it } from 'vitest';
import type { ConversationId, LegId, MemberId } from '../../src/core/ids.ts';
import type { RoomOptions } from '../../src/core/ports.ts';
import { describeRooms } from '../media/rooms.contract.ts';
import { createMemoryRooms } from './memory-rooms.ts';

describeRooms('the Rooms port in memory', async () => {
  const rooms = createMemoryRooms();
  return {
    rooms,
    async join(id, person) {
      const room = rooms.room(id);
      const browser = room.join(person);
      const target = (personId: MemberId) =>
        room.participants.find((participant) => participant.person.personId === personId)!;
      return {
        consent: async (accepted) => browser.consent(accepted),
        openMicrophone: async () => browser.openMicrophone(),
        closeMicrophone: async () => browser.closeMicrophone(),
        leave: async () => browser.leave(),
        requestPhone: (number) => browser.requestPhone(number),
        hangUp: async (legId) => browser.hangUp(legId),
        switchCaptions: async (on) => browser.switchCaptions(on),
        removePerson: async (personId) => browser.remove(target(personId)),
        end: async () => browser.end(),
        captions: () => room.captions,
        call: () => room.calls.at(-1) ?? null,
      };
    },
    makeUnavailable: (sentence) => rooms.setUnavailable(sentence),
    close: async () => {},
  };
});

describe('audio in a room in memory', () => {
  it('reaches the sink of a browser or phone that may be heard, and nothing while it is muted', async () => {
    const id = 'c' as ConversationId;
    const written: string[] = [];
    const options: RoomOptions = {
      title: '',
      captionsOn: true,
      captionsStopped: null,
      mayAddPhone: false,
      parties: [],
      removed: [],
      nowMs: () => 7,
      transcript: () => ({ lines: [], last: 0, more: false, parties: [] }),
      openAudioSink: (party) => ({
        write: (audio, atMs) => void written.push(`${party}: ${audio.join()} at ${atMs}`),
        pause: () => void written.push(`${party} pauses`),
        close() {},
      }),
      on: {
        joined() {},
        left() {},
        removed() {},
        captionsSwitched() {},
        ended() {},
        phoneRequested: async () => null,
        hangUpRequested() {},
      },
    };
    const rooms = createMemoryRooms();
    const port = await rooms.open(id, options);
    const room = rooms.room(id);
    const ana = room.join({ personId: 'ana' as MemberId, name: 'Ana', host: true });
    ana.speak(Uint8Array.of(1), 1);
    ana.consent(true);
    ana.openMicrophone();
    ana.speak(Uint8Array.of(2), 2);
    ana.mute(true);
    ana.speak(Uint8Array.of(3), 3);
    const legId = 'leg' as LegId;
    const played: Uint8Array[] = [];
    const output = { play: (frame: Uint8Array) => void played.push(frame), removed() {} };
    const phone = await port.addPhone({ legId, name: 'A phone', consented: true }, output);
    phone.receive(Uint8Array.of(4), 0);
    ana.mutePhone(legId, true);
    phone.receive(Uint8Array.of(5), 20);
    room.phone(legId).play(Uint8Array.of(6));
    expect(written).toEqual(['0: 2 at 2', '0 pauses', '1: 4 at 7']);
    expect(played).toEqual([Uint8Array.of(6)]);
  });
});
