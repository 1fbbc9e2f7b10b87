import { describe, expect, test } from 'vitest';
import { buildMessage } from '../src/bot/blocks/build.ts';
import { openingAnnouncement } from '../src/core/calls/announcements.ts';
import { newLeg } from '../src/core/calls/leg.ts';
import { DEFAULT_SETTINGS } from '../src/core/calls/settings.ts';
import type { Leg, LegRole } from '../src/core/calls/types.ts';
import type { MeetingConversation } from '../src/core/conversation/types.ts';
import type {
  ChannelId,
  ConversationId,
  LegId,
  MemberId,
  PhoneNumber,
  RecordingId,
  WorkspaceId,
} from '../src/core/ids.ts';
import { type Capture, captureOf, recordingOf } from '../src/core/meeting/capture.ts';
import { buildCard } from '../src/flows/meetings/card.ts';
import { CONSENT, CONSENT_DIALOG, LIGHT } from '../src/pages/meeting/consent-sentences.ts';
import { PHONE_DIALOG } from '../src/pages/meeting/sentences.ts';
import { lightOf } from '../src/pages/meeting/state/capture.ts';

/** Whatever is done with what people say, every surface says exactly that: the page, the card and the phone. */

const ID = 'c1' as ConversationId;
const callee = (change: Partial<Leg> = {}): Leg => ({
  ...newLeg(
    {
      id: 'l1' as LegId,
      conversationId: ID,
      role: 'callee',
      number: '+442079460000' as PhoneNumber,
      extension: null,
      name: 'Ben',
      memberId: null,
      requestedBy: 'U1' as MemberId,
    },
    0,
  ),
  ...change,
});
const RECORDED: Partial<Leg> = {
  state: { name: 'answered', by: 'person' },
  answeredAtMs: 1,
  recording: { id: 'r1' as RecordingId, state: 'running', beganAtMs: 1 },
};
const conversationOf = (kind: Capture['kind']): MeetingConversation => ({
  id: ID,
  kind,
  title: 'Invoice',
  channel: { workspaceId: 'T1' as WorkspaceId, channelId: 'C1' as ChannelId },
  thread: null,
  host: 'U1' as MemberId,
  startedBy: 'U1' as MemberId,
  startedAtMs: 0,
  endedAtMs: null,
  createdAtMs: 0,
  revision: 0,
  state: { name: 'open' },
});

interface Situation {
  readonly kind: Capture['kind'];
  readonly legs: readonly Leg[];
  readonly captionsOn: boolean;
  readonly kept?: boolean;
  readonly attempt?: 'asked' | 'failed';
}

/** Everything that people read and hear in it. */
const surfacesOf = ({ kind, legs, captionsOn, kept = false, attempt }: Situation) => {
  const recording = recordingOf(kind, legs, attempt === undefined ? {} : { attempt });
  const capture = captureOf(kind, { recording, captionsOn, kept });
  const card = buildCard(conversationOf(kind), {
    legs,
    recording,
    captionsOn,
    kept,
    dialIn: null,
    present: ['Ana'],
    unavailable: null,
    isUnsaved: false,
  });
  const spoken = (role: LegRole) =>
    openingAnnouncement({ role }, conversationOf(kind), DEFAULT_SETTINGS, 'Ana', capture);
  return {
    light: lightOf(capture).text,
    aboutLight: LIGHT.about(capture),
    consent: CONSENT.agree(capture),
    consentAbout: CONSENT.about(capture),
    dialog: CONSENT_DIALOG.text(capture),
    addPhone: PHONE_DIALOG.about(capture),
    card: buildMessage(card).text,
    phones: (['callee', 'added', 'caller', 'inbound'] as const).map(spoken),
  };
};

const MEETING = { kind: 'meeting', legs: [], captionsOn: true } as const;
const CALL = { kind: 'call', legs: [callee()], captionsOn: true } as const;
const RUNNING = { ...CALL, legs: [callee(RECORDED)] } as const;

describe('what is recorded, captioned and transcribed', () => {
  test.each<[string, Situation, string, string, 'kept' | 'deleted' | null]>([
    ['a meeting', MEETING, 'captioned and transcribed', 'Transcribing', null],
    ['a call that rings', CALL, 'recorded, captioned and transcribed', 'Transcribing', 'deleted'],
    [
      'a call that is about to be recorded',
      { ...CALL, attempt: 'asked' },
      'recorded, captioned and transcribed',
      'Recording',
      'deleted',
    ],
    ['a call', RUNNING, 'recorded, captioned and transcribed', 'Recording', 'deleted'],
    [
      'a call whose recording is kept',
      { ...RUNNING, kept: true },
      'recorded, captioned and transcribed',
      'Recording',
      'kept',
    ],
    [
      'a call without captions',
      { ...RUNNING, captionsOn: false },
      'recorded and transcribed',
      'Recording',
      'deleted',
    ],
    [
      'a call that rings without captions',
      { ...CALL, captionsOn: false, kept: true },
      'recorded and transcribed',
      'Not transcribing',
      'kept',
    ],
    [
      'a call that could not be recorded',
      { ...CALL, attempt: 'failed' },
      'captioned and transcribed',
      'Transcribing',
      null,
    ],
  ])('in %s', (_, situation, words, light, recording) => {
    const said = surfacesOf(situation);
    expect(said.light).toBe(light);
    expect(said.consent).toBe(`I agree to be ${words}.`);
    for (const text of [said.aboutLight, said.card])
      expect(text).toContain(`This ${situation.kind} is ${words}.`);
    expect(said.dialog).toContain(`What you say is ${words}.`);
    expect(said.addPhone).toContain(`They’ll hear that the ${situation.kind} is ${words}.`);
    const subject = situation.kind === 'call' ? 'This call' : 'What you say';
    for (const text of said.phones)
      expect(text).toContain(`${subject} is ${words}. If you do not want that, press 9`);

    for (const text of [said.aboutLight, said.consentAbout, said.dialog, said.card]) {
      expect(/recording is (kept|deleted)/.exec(text)?.[1] ?? null).toBe(recording);
    }
    // Nothing else claims more than that.
    const all = [
      said.light,
      said.aboutLight,
      said.consent,
      said.consentAbout,
      said.dialog,
      said.addPhone,
      said.card,
      ...said.phones,
    ];
    for (const text of all) {
      if (!words.includes('recorded')) expect(text).not.toMatch(/record/i);
      if (!words.includes('captioned')) expect(text).not.toMatch(/captioned/);
    }
  });

  test('in a meeting without captions: nothing, until they are turned on', () => {
    const said = surfacesOf({ ...MEETING, captionsOn: false });
    expect(said.light).toBe('Not transcribing');
    expect(said.consent).toBe('I agree to be captioned and transcribed while captions are on.');
    expect(said.consentAbout).toContain('Captions are off right now.');
    expect(said.card).toContain('Captions are off. Nothing is transcribed.');
    expect(said.aboutLight).toBe('Captions are off. Nothing is transcribed.');
    expect(said.addPhone).toBe('We’ll call right away.');
    for (const text of said.phones) {
      expect(text).toContain(
        'Captions are off. If they are turned on, what you say is captioned and transcribed.',
      );
    }
  });

  test.each([
    ['while the recording is being stopped', RECORDED, 'Stopping the recording: Ben declined'],
    ['once it has stopped', { ...RECORDED, recording: null }, 'Recording off: Ben declined'],
    [
      'once it is deleted',
      { ...RECORDED, recording: { id: 'r1' as RecordingId, state: 'deleted', beganAtMs: 1 } },
      'Recording off: Ben declined',
    ],
  ] as const)('in a call that Ben declined, %s', (_, change, light) => {
    const said = surfacesOf({ ...CALL, legs: [callee({ ...change, declined: true })] });
    expect(said.light).toBe(light);
    expect(CONSENT.declined('Ben')).toMatch(/^Ben declined, so recording, captions and transcript are off/);
    expect(said.aboutLight).toBe('Nothing is recorded or transcribed from here on.');
    expect(said.addPhone).toBe('We’ll call right away.');
    expect(said.card).toContain('Ben declined recording and transcription.');
    expect(said.card).not.toMatch(/is (recorded|captioned|transcribed)/);
    for (const text of said.phones) {
      expect(text).toMatch(/This call is not recorded or transcribed\.$/);
    }
  });

  test('a workspace’s own notice is played as it is, but never where someone declined', () => {
    const settings = { ...DEFAULT_SETTINGS, notice: 'Acme records. 9 declines.' };
    const hear = (legs: readonly Leg[]) =>
      openingAnnouncement(
        { role: 'added' },
        { title: 'Invoice' },
        settings,
        'Ana',
        captureOf('call', { recording: recordingOf('call', legs), captionsOn: true, kept: false }),
      );
    expect(hear([callee(RECORDED)])).toBe('Acme records. 9 declines.');
    expect(hear([callee({ declined: true })])).toBe(
      'Hello. Ana is calling you through Parley. This call is not recorded or transcribed.',
    );
  });
});
