import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConversationId, LegId, MemberId } from '../../src/core/ids.ts';
import type { CallState } from '../../src/core/meeting/capture.ts';
import type { Caption, LiveOptions, MeetingPerson, Room, RoomOptions, Rooms } from '../../src/core/ports.ts';
import { until } from '../support/until.ts';

/** A participant in a browser, as far as the port knows of it. Refusals are errors with the page's sentence. */
interface ContractBrowser {
  consent(accepted: boolean): Promise<void>;
  openMicrophone(): Promise<void>;
  closeMicrophone(): Promise<void>;
  leave(): Promise<void>;
  requestPhone(number: string): Promise<void>;
  hangUp(legId: LegId): Promise<void>;
  switchCaptions(on: boolean): Promise<void>;
  removePerson(personId: MemberId): Promise<void>;
  end(): Promise<void>;
  /** Captions that it was sent. */
  captions(): readonly Caption[];
  /** How the call is, as far as it was told; null for a meeting. */
  call(): CallState | null;
}

export interface RoomsUnderTest {
  readonly rooms: Rooms;
  /** @throws Error with the page's sentence */
  join(id: ConversationId, person: MeetingPerson): Promise<ContractBrowser>;
  makeUnavailable(sentence: string): void;
  close(): Promise<void>;
}

const person = (name: string, host = false): MeetingPerson => ({
  personId: name.toLowerCase() as MemberId,
  name,
  host,
});
const ANA = person('Ana', true);
const BEN = person('Ben');
const LEG = 'leg-1' as LegId;
/** 20 ms of a loud tone: no voice detector takes part in the contract, and none is needed for a phone's silence. */
const FRAME = Uint8Array.from({ length: 160 }, (_, at) => (at % 16 < 8 ? 0x00 : 0x80));

/** What flows rely on, over every implementation of the Rooms port. */
export const describeRooms = (name: string, start: () => Promise<RoomsUnderTest>): void => {
  describe(name, () => {
    const id = 'conversation-1' as ConversationId;
    let under: RoomsUnderTest;
    let room: Room;
    /** Calls of the listener and of audio sinks, in order. */
    let happened: string[];

    const optionsWith = (options: Partial<RoomOptions> = {}): RoomOptions => {
      // Of this test alone: a room of the test before may still close its sinks.
      const events = happened;
      return {
        title: 'Stand-up',
        captionsOn: true,
        captionsStopped: null,
        mayAddPhone: true,
        parties: [],
        removed: [],
        nowMs: () => performance.now(),
        transcript: () => ({ lines: [], last: 0, more: false, parties: [] }),
        openAudioSink(party, { encoding, sampleRateHz }: LiveOptions['audio']) {
          events.push(`sink ${party} opened: ${encoding} ${sampleRateHz}`);
          return { write() {}, pause() {}, close: () => void events.push(`sink ${party} closed`) };
        },
        on: {
          joined: (_, party, { personId }) => void events.push(`${personId} joined as ${party}`),
          left: (_, { browsers, phones }) => void events.push(`left: ${browsers} browsers, ${phones} phones`),
          removed: (personId) => void events.push(`${personId} removed`),
          captionsSwitched: (on) => void events.push(`captions ${on ? 'on' : 'off'}`),
          ended: (by) => void events.push(`ended by ${by}`),
          phoneRequested: async (by, number) => {
            events.push(`${by.personId} requested ${number}`);
            return number.startsWith('+') ? null : 'Include the country code.';
          },
          hangUpRequested: (by, legId) => void events.push(`${by.personId} hung up ${legId}`),
        },
        ...options,
      };
    };
    const open = async (options: Partial<RoomOptions> = {}): Promise<void> => {
      room = await under.rooms.open(id, optionsWith(options));
    };
    const has = (event: string) => until(() => happened.includes(event), { what: event });
    /** An audio output, and how often it was told that its phone was removed. */
    const output = () => {
      const counts = { removed: 0 };
      return {
        counts,
        play: () => {},
        removed: () => {
          counts.removed += 1;
        },
      };
    };
    const phoneCalled = (legId: LegId, name = 'A phone') => ({ legId, name, consented: true });

    beforeEach(async () => {
      happened = [];
      under = await start();
    });
    afterEach(() => under.close());

    it('gives each person one party, on every device and after they join again', async () => {
      await open({ parties: ['someone-from-before' as MemberId] });
      const first = await under.join(id, ANA);
      await under.join(id, ANA);
      await under.join(id, BEN);
      await first.leave();
      await under.join(id, ANA);
      await has('left: 2 browsers, 0 phones');
      expect(happened).toEqual([
        'ana joined as 1',
        'ana joined as 1',
        'ben joined as 2',
        'left: 2 browsers, 0 phones',
        'ana joined as 1',
      ]);
    });

    it('transcribes a microphone while its person consents and captions are on, and only then', async () => {
      await open();
      const ana = await under.join(id, ANA);
      await ana.consent(true);
      expect(happened).toEqual(['ana joined as 0']);
      await ana.openMicrophone();
      await has('sink 0 opened: linear16 16000');
      await ana.consent(false);
      await has('sink 0 closed');
      happened.length = 0;
      await ana.consent(true);
      await has('sink 0 opened: linear16 16000');
      await ana.switchCaptions(false);
      await has('sink 0 closed');
      expect(happened).toContain('captions off');
      happened.length = 0;
      await ana.switchCaptions(true);
      await has('sink 0 opened: linear16 16000');
      await ana.closeMicrophone();
      await has('sink 0 closed');
      happened.length = 0;
      await ana.openMicrophone();
      await has('sink 0 opened: linear16 16000');
      await ana.leave();
      await has('sink 0 closed');
    });

    it('sends captions to everyone', async () => {
      await open();
      const [ana, ben] = [await under.join(id, ANA), await under.join(id, BEN)];
      const caption = { partyIndex: 0, id: 'c1', text: 'Hello', committed: 5, startMs: 0, endMs: 1 };
      room.sendCaption({ ...caption, isFinal: true });
      await until(() => ana.captions().length === 1 && ben.captions().length === 1);
      expect(ben.captions()).toEqual([{ ...caption, isFinal: true }]);
    });

    it('stops captions for good, for the first reason given', async () => {
      await open();
      const ana = await under.join(id, ANA);
      await ana.consent(true);
      await ana.openMicrophone();
      await has('sink 0 opened: linear16 16000');
      room.stopCaptions('Ben declined.');
      room.stopCaptions('Another reason.');
      await has('sink 0 closed');
      await expect(ana.switchCaptions(true)).rejects.toThrow('Ben declined.');
      await expect(ana.switchCaptions(false)).rejects.toThrow('Ben declined.');
      expect(happened.filter((event) => event.startsWith('captions'))).toEqual([]);
    });

    it('transcribes no one where captions were stopped before', async () => {
      await open({ captionsStopped: 'Ben declined.' });
      const ana = await under.join(id, ANA);
      await ana.consent(true);
      await ana.openMicrophone();
      await expect(ana.switchCaptions(true)).rejects.toThrow('Ben declined.');
      expect(happened).toEqual(['ana joined as 0']);
    });

    it('lets the host remove a person from all their devices, for good', async () => {
      await open({ removed: ['dan' as MemberId] });
      const ana = await under.join(id, ANA);
      await under.join(id, BEN);
      await under.join(id, BEN);
      await ana.removePerson(BEN.personId);
      await has('ben removed');
      expect(happened.filter((event) => event.startsWith('left')).at(-1)).toBe('left: 1 browsers, 0 phones');
      await expect(under.join(id, BEN)).rejects.toThrow('The host removed you from this meeting.');
      await expect(under.join(id, person('Dan'))).rejects.toThrow('The host removed you from this meeting.');
    });

    it('lets the host end it: everyone is out, and then the listener is called once', async () => {
      await open();
      const ana = await under.join(id, ANA);
      await ana.consent(true);
      await ana.openMicrophone();
      const phone = output();
      await room.addPhone(phoneCalled(LEG), phone);
      await ana.end();
      await has('ended by ana');
      await has('sink 0 closed');
      expect(phone.counts.removed).toBe(1);
      room.end(null);
      room.close();
      expect(happened.filter((event) => event.startsWith('ended'))).toEqual(['ended by ana']);
      expect(happened.filter((event) => event.startsWith('left'))).toEqual([]);
    });

    it('keeps the controls of the host for the host', async () => {
      await open();
      await under.join(id, ANA);
      const ben = await under.join(id, BEN);
      for (const attempt of [
        () => ben.switchCaptions(false),
        () => ben.removePerson(ANA.personId),
        () => ben.end(),
      ]) {
        await expect(attempt()).rejects.toThrow('Only the host can do that.');
      }
      expect(happened).toEqual(['ana joined as 0', 'ben joined as 1']);
    });

    it('takes a phone as a participant, transcribed as it consents and until it declines', async () => {
      await open();
      const added = await room.addPhone(phoneCalled(LEG), output());
      expect(added.party).toBe(0);
      await has('sink 0 opened: mulaw 8000');
      added.decline();
      added.decline();
      await has('sink 0 closed');
      added.leave();
      added.leave();
      expect(happened).toEqual([
        'phone:leg-1 joined as 0',
        'sink 0 opened: mulaw 8000',
        'sink 0 closed',
        'left: 0 browsers, 0 phones',
      ]);
      const silent = await room.addPhone({ ...phoneCalled(LEG), consented: false }, output());
      silent.receive(FRAME, 0);
      expect(silent.party).toBe(0);
      expect(happened.filter((event) => event.includes('sink'))).toHaveLength(2);
    });

    it('keeps the party of a leg that connects again, and ignores its earlier connection', async () => {
      await open();
      const first = output();
      const before = await room.addPhone(phoneCalled(LEG), first);
      const now = await room.addPhone(phoneCalled(LEG), output());
      expect(now.party).toBe(before.party);
      before.leave();
      before.decline();
      expect(happened.filter((event) => event.startsWith('left'))).toEqual([]);
      now.leave();
      expect(happened.at(-1) === 'left: 0 browsers, 0 phones' || happened.includes('sink 0 closed')).toBe(
        true,
      );
      expect(happened).toContain('left: 0 browsers, 0 phones');
      expect(first.counts.removed).toBe(0);
    });

    it('lets the host remove a phone, which may be called again', async () => {
      await open();
      const ana = await under.join(id, ANA);
      const phone = output();
      const added = await room.addPhone(phoneCalled(LEG), phone);
      await ana.removePerson('phone:leg-1' as MemberId);
      await has('left: 1 browsers, 0 phones');
      expect(phone.counts.removed).toBe(1);
      added.leave();
      expect(happened.filter((event) => event.startsWith('left'))).toHaveLength(1);
      expect((await room.addPhone(phoneCalled(LEG), output())).party).toBe(added.party);
    });

    it('has phones called and hung up for its participants, and passes a refusal on', async () => {
      await open();
      const ben = await under.join(id, BEN);
      await ben.requestPhone('+44 20 7946 0000');
      await expect(ben.requestPhone('020')).rejects.toThrow('Include the country code.');
      room.setPendingPhones([{ legId: LEG, name: 'A phone', state: 'ringing' }]);
      await ben.hangUp(LEG);
      await expect(ben.hangUp('leg-2' as LegId)).rejects.toThrow('That phone has already hung up.');
      await room.addPhone(phoneCalled('leg-2' as LegId), output());
      await ben.hangUp('leg-2' as LegId);
      expect(happened.filter((event) => /requested|hung up/.test(event))).toEqual([
        'ben requested +44 20 7946 0000',
        'ben requested 020',
        'ben hung up leg-1',
        'ben hung up leg-2',
      ]);
    });

    it('tells how a call is to who is in and to who joins later', async () => {
      await open();
      const running = { recording: { name: 'running' }, answeredAtMs: 5 } as const;
      const ben = await under.join(id, BEN);
      expect(ben.call()).toBeNull();
      room.setCall(running);
      await expect.poll(() => ben.call()).toEqual(running);
      expect((await under.join(id, ANA)).call()).toEqual(running);
    });

    it('calls no phones where none can be called', async () => {
      await open({ mayAddPhone: false });
      const ben = await under.join(id, BEN);
      await expect(ben.requestPhone('+44')).rejects.toThrow('Phones can’t be added to this meeting.');
      expect(happened).toEqual(['ben joined as 0']);
    });

    it('takes one hundred participants and then no phone', async () => {
      await open();
      for (let at = 0; at < 100; at += 1) await room.addPhone(phoneCalled(`leg-${at}` as LegId), output());
      await expect(room.addPhone(phoneCalled('one-more' as LegId), output())).rejects.toMatchObject({
        code: 'media-failed',
        userMessage: 'This meeting is full: the limit is 100 people.',
      });
    });

    it('ends without calling the listener when flows end it, and hangs its phones up', async () => {
      await open();
      const phone = output();
      const added = await room.addPhone(phoneCalled(LEG), phone);
      await has('sink 0 opened: mulaw 8000');
      room.end('Ana');
      room.end(null);
      await has('sink 0 closed');
      expect(phone.counts.removed).toBe(1);
      added.leave();
      added.receive(FRAME, 0);
      expect(happened.filter((event) => /left|ended/.test(event))).toEqual([]);
      await expect(under.join(id, BEN)).rejects.toThrow();
      await expect(room.addPhone(phoneCalled(LEG), output())).rejects.toMatchObject({
        code: 'media-failed',
        userMessage: 'This meeting has ended.',
      });
    });

    it('closes in this process only: phones are not hung up', async () => {
      await open();
      const phone = output();
      await room.addPhone(phoneCalled(LEG), phone);
      await has('sink 0 opened: mulaw 8000');
      room.close();
      room.close();
      await has('sink 0 closed');
      expect(phone.counts.removed).toBe(0);
      expect(happened.filter((event) => /left|ended/.test(event))).toEqual([]);
      // The same conversation may open again.
      await open();
      await under.join(id, ANA);
    });

    it('opens no room while media are unavailable, and says why', async () => {
      expect(under.rooms.unavailableReason()).toBeNull();
      under.makeUnavailable('Meetings need a media worker.');
      expect(under.rooms.unavailableReason()).toBe('Meetings need a media worker.');
      await expect(under.rooms.open(id, optionsWith())).rejects.toMatchObject({
        code: 'media-failed',
        userMessage: 'Meetings need a media worker.',
      });
    });
  });
};
