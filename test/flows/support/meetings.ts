import { randomUUID } from 'node:crypto';
import { type ScriptedEngine, startScriptedEngine } from '../../../sandbox/engine/scripted/index.ts';
import { markerWord } from '../../../sandbox/engine/scripted/markers.ts';
import { createCharts, startChartRenderer } from '../../../src/charts/index.ts';
import { systemClock } from '../../../src/clock.ts';
import type { ConversationId, MemberId, WorkspaceId } from '../../../src/core/ids.ts';
import type {
  AudioSink,
  Caption,
  MeetingLink,
  MeetingPass,
  RoomOptions,
  Rooms,
} from '../../../src/core/ports.ts';
import { createFlows, MEETING_TIMING } from '../../../src/flows/index.ts';
import { createSpeech } from '../../../src/speech/index.ts';
import { openStorage } from '../../../src/storage/index.ts';
import { openBot } from '../../bot/support/bot.ts';
import { openWorkspace } from '../../e2e/support/workspace.ts';
import { silentLog } from '../../media/support.ts';
import { temporaryDirectory } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';

const RATE_HZ = 16_000;

/** As by default, and shorter, where a test would only wait. */
const QUICK = { ...MEETING_TIMING, editEveryMs: 100, leaseMs: 2_000, renewEveryMs: 100, talkTimeEveryMs: 50 };

/**
 * The doors of a meeting without what is behind them: who comes, and what their microphones hear, is for the test to
 * say. Media itself has tests of its own, and a test with real browsers has all of it.
 */
const createDoors = () => {
  const open = new Map<ConversationId, RoomOptions>();
  const captions: Caption[] = [];
  const told: string[] = [];
  let missing: string | null = null;
  const rooms: Rooms = {
    unavailableReason: () => missing,
    async open(id, options) {
      open.set(id, options);
      const close = () => void (open.get(id) === options && open.delete(id));
      return {
        sendCaption: (caption) => void captions.push(caption),
        setCaptionsDelayed: (delayed) => void told.push(`delayed ${delayed}`),
        sendTalkTime: (parties) => void told.push(`talk time ${JSON.stringify(parties)}`),
        stopCaptions: (sentence) => void told.push(`captions stopped: ${sentence}`),
        addPhone: () => Promise.reject(new Error('no telephones here')),
        setPendingPhones: () => {},
        end(by) {
          told.push(`ended by ${by}`);
          close();
          for (const ear of ears.splice(0)) ear.close();
        },
        close() {
          told.push('closed');
          close();
          for (const ear of ears.splice(0)) ear.close();
        },
      };
    },
  };
  const ears: AudioSink[] = [];
  return {
    rooms,
    captions,
    told,
    isOpen: (id: ConversationId) => open.has(id),
    optionsOf: (id: ConversationId) => open.get(id)!,
    earOf(id: ConversationId, party: number): AudioSink {
      const ear = open.get(id)!.openAudioSink(party, { encoding: 'linear16', sampleRateHz: RATE_HZ });
      ears.push(ear);
      return ear;
    },
    without(sentence: string | null) {
      missing = sentence;
    },
  };
};

/** One copy of Parley over what the stage has. */
const openCopy = async (parts: {
  holder: string;
  graceMs: number;
  waitForFirstMs: number;
  engine: ScriptedEngine;
  chartsUrl: string;
  storage: Awaited<ReturnType<typeof openStorage>>;
  bot: Awaited<ReturnType<typeof openBot>>;
}) => {
  const { engine, storage, bot, holder } = parts;
  const doors = createDoors();
  const speech = createSpeech({ apiKey: engine.apiKey, baseUrl: engine.url, log: silentLog });
  const url = `http://${holder}.example`;
  const flows = createFlows({
    store: storage.store,
    chat: bot.bot.chat,
    links: { open: () => Promise.reject(new Error('no links here')) },
    speech,
    charts: createCharts({ url: parts.chartsUrl, log: silentLog }),
    clock: systemClock,
    log: silentLog,
    newId: () => randomUUID() as ConversationId,
    sampleUrl: async () => null,
    rooms: doors.rooms,
    linkTo: async (base, pass) => `${base}/${pass.personId}`,
    instance: { id: holder, url: () => url },
    timing: { ...QUICK, graceMs: parts.graceMs, waitForFirstMs: parts.waitForFirstMs },
    calls: null,
  });
  return {
    ...flows,
    doors,
    url,
    async close() {
      await flows.meetings.close();
      await speech.close();
    },
  };
};
export type Copy = Awaited<ReturnType<typeof openCopy>>;

/** Storage, the stand-in Slack with the real bot, and a scripted engine; copies of Parley come and go on it. */
export const openMeetingStage = async (
  options: {
    readonly graceMs?: number;
    readonly waitForFirstMs?: number;
    /** The first copy leaves its jobs to those after it. */
    readonly idle?: boolean;
  } = {},
) => {
  const { directory, remove } = temporaryDirectory();
  const openDatabase = () =>
    openStorage({
      dataDir: directory,
      clock: systemClock,
      log: silentLog,
      jobs: { retryDelaysMs: [50, 100, 200, 400, 800, 1_600] },
    });
  const [engine, charts, bot, first] = await Promise.all([
    startScriptedEngine(),
    startChartRenderer({ log: silentLog }),
    openBot('socket'),
    openDatabase(),
  ]);
  let storage = first;
  const copies: Copy[] = [];
  const workspaceId = bot.workspace.state.team.id as WorkspaceId;
  const channelId = bot.workspace.general;
  const people = bot.workspace.state.people.filter(({ isBot }) => !isBot);
  const workspace = openWorkspace(bot.workspace.url);
  const copy = async (holder: string): Promise<Copy> => {
    const opened = await openCopy({
      holder,
      graceMs: options.graceMs ?? 60_000,
      waitForFirstMs: options.waitForFirstMs ?? MEETING_TIMING.waitForFirstMs,
      engine,
      chartsUrl: charts.url,
      storage,
      bot,
    });
    copies.push(opened);
    return opened;
  };
  const one = await copy('one');
  if (!options.idle) await storage.queue.work(one.handlers, { concurrency: 1 });
  const stop = async (): Promise<void> => {
    await Promise.all(copies.splice(0).map((opened) => opened.close()));
    await storage.queue.stop(1_000);
    await storage.close();
  };
  await bot.start(one.requests);

  return {
    engine,
    workspace,
    one,
    copy,
    get storage() {
      return storage;
    },
    people: people.map(({ id }) => id as MemberId),
    channelId,
    workspaceId,
    fail: (...modes: string[]) => workspace.fail(...modes),
    /** A meeting whose card is posted. */
    async meet(title: string): Promise<{
      id: ConversationId;
      passOf: (person: number) => MeetingPass;
      thread: () => Promise<string[]>;
    }> {
      const [host] = people;
      const request = {
        workspaceId,
        channelId: channelId as never,
        by: host!.id as MemberId,
        title,
        origin: randomUUID(),
      };
      const outcome = await one.requests.openMeeting(request);
      if (outcome.outcome !== 'accepted') throw new Error(outcome.sentence);
      const conversation = await until(async () => {
        const recent = await one.requests.recentConversations(workspaceId, request.by);
        return recent.find((found) => found.title === title && found.state.name === 'open');
      });
      return {
        id: conversation.id,
        passOf: (person) => ({
          conversationId: conversation.id,
          workspaceId,
          personId: people[person]!.id as MemberId,
        }),
        thread: async () => {
          const root = conversation.thread!.rootId;
          const messages = await workspace.thread(channelId, root);
          return messages.filter(({ ts }) => ts !== root).map(({ text }) => text);
        },
      };
    },
    /** Parley stops, and another copy works on what it left. */
    async restart(holder: string): Promise<Copy> {
      await stop();
      storage = await openDatabase();
      const next = await copy(holder);
      await storage.queue.work(next.handlers, { concurrency: 1 });
      return next;
    },
    async close() {
      await stop();
      await bot.close();
      await Promise.all([engine.close(), charts.close()]);
      remove();
    },
  };
};
export type MeetingStage = Awaited<ReturnType<typeof openMeetingStage>>;

/** A link of this person's own, brought by one browser. */
export const linkFor = (pass: MeetingPass, link: Partial<MeetingLink> = {}): MeetingLink => ({
  id: randomUUID(),
  pass,
  expired: false,
  browser: 'a browser',
  ...link,
});

/** Comes in by the door, and says markers, each a word of 100 ms that nobody else says. */
export const enter = async (
  copy: Copy,
  pass: MeetingPass,
  party: number,
): Promise<{
  say: (numbers: readonly number[], atMs: number) => void;
  pause: () => void;
  leave: (here: number) => void;
  joined: string;
}> => {
  const entrance = await copy.access.admit(linkFor(pass));
  if (entrance.kind !== 'hosted') throw new Error(`not here: ${JSON.stringify(entrance)}`);
  const { on } = copy.doors.optionsOf(pass.conversationId);
  const place = randomUUID();
  on.joined(place, party, entrance.person);
  const ear = copy.doors.earOf(pass.conversationId, party);
  return {
    joined: entrance.person.name,
    say(numbers, atMs) {
      for (const [i, number] of numbers.entries()) ear.write(markerWord(number, RATE_HZ), atMs + i * 100);
      ear.pause();
    },
    pause: () => ear.pause(),
    leave: (here) => on.left(place, { browsers: here, phones: 0 }),
  };
};
