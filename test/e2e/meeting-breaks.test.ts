import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ScriptedEngine, startScriptedEngine } from '../../sandbox/engine/scripted/index.ts';
import { ToneReader } from '../../sandbox/engine/scripted/tones.ts';
import type { StoredMessage } from '../../sandbox/slack/control/contract.ts';
import { watchFor } from '../support/glimpse.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import {
  type Told,
  toldOf,
  WORDS_A_TAPE,
  wordStartMs,
  wordsIn,
  writeToneTape,
} from '../support/tone-tape.ts';
import { until } from '../support/until.ts';
import {
  browserHearing,
  captionsIn,
  joinMeeting,
  linkFor,
  meet,
  type Said,
  saidIn,
  transcriptOf,
  wordsOf,
} from './support/meeting.ts';
import { type MeetingProgram, startMeetingProgram } from './support/meeting-program.ts';
import { createNetwork, type Network } from './support/network.ts';
import { shownText } from './support/workspace.ts';

/**
 * The whole program while parts of it break, with three real browsers whose people count, each from another number.
 * The engine is scripted and hears numbers exactly, so that what is missing is a count and a length of tape.
 */
const FIRST = [0, 1_000, 2_000] as const;
let browsers: Browser[];
let removeTapes: () => void;
let engine: ScriptedEngine;
let program: MeetingProgram;
let network: Network;
let card: StoredMessage;

beforeAll(async () => {
  const { directory, remove } = temporaryDirectory();
  removeTapes = remove;
  browsers = await Promise.all(
    FIRST.map(async (first) => {
      const tape = path.join(directory, `from-${first}.wav`);
      await writeToneTape(tape, first);
      return browserHearing(tape);
    }),
  );
});
afterAll(async () => {
  await Promise.all(browsers?.map((browser) => browser.close()) ?? []);
  removeTapes?.();
});

beforeEach(async () => {
  engine = await startScriptedEngine({
    apiKey: 'the-key-of-this-test',
    liveWords: (sampleRateHz) => new ToneReader(sampleRateHz),
  });
  program = await startMeetingProgram({ DEEPGRAM_API_KEY: engine.apiKey, DEEPGRAM_URL: engine.url });
  network = createNetwork();
});
afterEach(async () => {
  await Promise.all(browsers.flatMap((each) => each.contexts()).map((context) => context.close()));
  await program?.stop();
  await network?.close();
  await engine?.close();
});

/** Numbers that the engine has heard of one person, in order. */
/** A sentence of a tape and the pause after it. */
const SOME = 6;
const PEOPLE = [0, 1, 2] as const;
const heardOf = (who: number): number[] =>
  engine.live.streams
    .flatMap(({ markers }) => markers)
    .filter((word) => word >= FIRST[who]! && word < FIRST[who]! + WORDS_A_TAPE)
    .sort((a, b) => a - b);
const nextWords = (who: number, count: number): Promise<unknown> => {
  const newest = heardOf(who).at(-1) ?? 0;
  return until(() => heardOf(who).filter((word) => word > newest).length >= count, {
    timeoutMs: 90_000,
    what: `${count} more words of person ${who}`,
  });
};
/** What one person says is the clock: nobody sleeps in these tests. */
const tapePasses = (who: number, ms: number): Promise<unknown> => {
  const atMs = (): number => wordStartMs((heardOf(who).at(-1) ?? FIRST[who]!) - FIRST[who]!);
  const fromMs = atMs();
  return until(() => atMs() - fromMs >= ms, { timeoutMs: 90_000, what: `${ms} ms of tape ${who}` });
};
const toldBy = (said: readonly Said[], who: number) =>
  toldOf(wordsIn(wordsOf(said, program.people[who]!.name)), FIRST[who]!);

/** The voices that a page plays now, by their tracks. */
const voicesOn = (page: Page): Promise<string[]> =>
  page.evaluate(
    `[...document.querySelectorAll('audio')].filter(({ paused }) => !paused)
      .flatMap(({ srcObject }) => srcObject?.getAudioTracks() ?? [])
      .filter(({ muted, readyState }) => !muted && readyState === 'live').map(({ id }) => id)`,
  );

/** Counts a page's peer connections, and how long it ever was without a packet of somebody's voice. */
const WATCH_MEDIA = `(() => {
  const connections = [];
  const watch = { made: 0, longestSilenceMs: 0 };
  window.watchedMedia = watch;
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...options) {
      super(...options);
      watch.made += 1;
      connections.push(this);
    }
  };
  const voices = new Map();
  const look = async () => {
    for (const connection of connections) {
      for (const stat of (await connection.getStats()).values()) {
        if (stat.type !== 'inbound-rtp' || stat.kind !== 'audio') continue;
        const now = performance.now();
        const voice = voices.get(stat.id);
        if (voice === undefined || voice.packets !== stat.packetsReceived) {
          voices.set(stat.id, { packets: stat.packetsReceived, atMs: now });
        } else watch.longestSilenceMs = Math.max(watch.longestSilenceMs, now - voice.atMs);
      }
    }
    setTimeout(look, 100);
  };
  void look();
})()`;
const mediaOf = (page: Page): Promise<{ made: number; longestSilenceMs: number }> =>
  page.evaluate('window.watchedMedia');

/** Three people, of whom the second is behind the network that can be cut. */
const joinAll = async (): Promise<Page[]> => {
  const [ana, ben, yuki] = program.people;
  card = await meet(program.workspace, { channel: program.channel, as: ana.id, title: 'Counting' });
  const pages = [];
  for (const [who, { id }] of [ana, ben, yuki].entries()) {
    const link = await linkFor(program.workspace, card, id);
    pages.push(
      await joinMeeting(browsers[who]!, link, { first: WATCH_MEDIA, ...(who === 1 ? { network } : {}) }),
    );
  }
  return pages;
};

/** Of each person in everything where captions are shown: on every page, and in the thread, which is a little behind. */
const toldEverywhere = async (
  pages: readonly Page[],
  { upTo }: { readonly upTo: readonly number[] },
): Promise<readonly (readonly Told[])[]> => {
  const complete = (read: () => Promise<readonly Said[]>): Promise<readonly Told[]> =>
    until(
      async () => {
        const said = await read();
        const told = program.people.map((_, who) => toldBy(said, who));
        return told.every(({ words }, who) => (words.at(-1) ?? 0) >= upTo[who]!) && told;
      },
      { timeoutMs: 60_000, what: `captions up to ${upTo.join(', ')}` },
    );
  return Promise.all([
    ...pages.map((page) => complete(() => transcriptOf(page))),
    complete(() => captionsIn(program.workspace, card)),
  ]);
};
const newestHeard = (): number[] => PEOPLE.map((who) => heardOf(who).at(-1)!);

/** After the network is: for ICE to find its way again, on a machine that does other things. */
const BACK_WITHIN_MS = 5_000;
/** For a browser to notice that a path leads nowhere, and for the page to have waited for it to mend itself. */
const NOTICED_WITHIN_MS = 8_000;
/** For a page that was told by its line. */
const AT_ONCE_MS = 2_000;
/** Of a word that was being said when something broke, and of one at which it came back, a part is missing. */
const TWO_WORDS_MS = 2 * 600;

describe('a meeting of three', () => {
  it('has every word of everybody when the signalling of one breaks again and again and its media does not', async () => {
    const pages = await joinAll();
    await Promise.all(PEOPLE.map((who) => nextWords(who, SOME)));
    const before = await Promise.all(pages.map(mediaOf));
    const voicesBefore = await Promise.all(pages.map(voicesOn));
    const lost = pages[1]!.getByRole('status').getByText('Reconnecting…');
    for (let time = 0; time < 5; time++) {
      const said = await watchFor(pages[1]!, 'Reconnecting…');
      network.breakConnections();
      await said();
      await lost.waitFor({ state: 'detached' });
      // Now in the middle of a sentence, now in its pause.
      await nextWords(1, 1 + time);
    }
    await Promise.all(PEOPLE.map((who) => nextWords(who, SOME)));
    const after = await Promise.all(pages.map(mediaOf));
    expect(after.map(({ made }) => made)).toEqual(before.map(({ made }) => made));
    expect(await Promise.all(pages.map(voicesOn))).toEqual(voicesBefore);
    // Who says nothing sends a packet of 20 ms every 400.
    for (const { longestSilenceMs } of after) expect(longestSilenceMs).toBeLessThan(1_000);
    for (const all of await toldEverywhere(pages, { upTo: newestHeard() })) {
      expect(all.map(({ gaps }) => gaps)).toEqual([[], [], []]);
    }
  });

  it.each([
    ['once it notices that the one it had leads nowhere', () => {}, NOTICED_WITHIN_MS + BACK_WITHIN_MS],
    ['at once when its signalling broke with the one it had', () => network.breakConnections(), AT_ONCE_MS],
  ])('finds another path for its media %s, and keeps the media', async (_, breakMore, withinMs) => {
    const pages = await joinAll();
    await Promise.all(PEOPLE.map((who) => nextWords(who, SOME)));
    const before = await Promise.all(pages.map(mediaOf));
    const voicesBefore = await Promise.all(pages.map(voicesOn));
    const brokenAfter = newestHeard()[1]!;
    network.breakMediaPaths();
    breakMore();
    await Promise.all(PEOPLE.map((who) => nextWords(who, SOME)));
    const after = await Promise.all(pages.map(mediaOf));
    expect(after.map(({ made }) => made)).toEqual(before.map(({ made }) => made));
    expect(await Promise.all(pages.map(voicesOn))).toEqual(voicesBefore);
    for (const [anas, bens, yukis] of await toldEverywhere(pages, { upTo: newestHeard() })) {
      expect([anas!.gaps, yukis!.gaps]).toEqual([[], []]);
      // In a pause of the speaker a short break takes nothing.
      expect(bens!.gaps.length).toBeLessThanOrEqual(1);
      for (const gap of bens!.gaps) {
        expect(gap.after).toBeGreaterThanOrEqual(brokenAfter);
        expect(gap.ms).toBeLessThan(withinMs + TWO_WORDS_MS);
      }
    }
  });

  it('has every word on either side of a cut of 10 s, and all words of the others', async () => {
    const pages = await joinAll();
    await Promise.all(PEOPLE.map((who) => nextWords(who, SOME)));
    const said = pages[1]!.getByText('Your connection is unstable.').waitFor();
    const cutAtMs = performance.now();
    network.cut();
    const beforeCut = newestHeard()[1]!;
    await tapePasses(0, 10_000);
    await said;
    network.restore();
    const cutMs = performance.now() - cutAtMs;
    expect(network.lostPackets).toBeGreaterThan(300);
    await pages[1]!.getByText('Your connection is unstable.').waitFor({ state: 'detached' });
    await nextWords(1, SOME);

    for (const [anas, bens, yukis] of await toldEverywhere(pages, { upTo: newestHeard() })) {
      expect([anas!.gaps, yukis!.gaps]).toEqual([[], []]);
      expect(bens!.gaps).toHaveLength(1);
      const [gap] = bens!.gaps;
      expect(gap!.after).toBeGreaterThanOrEqual(beforeCut);
      expect(gap!.ms).toBeLessThan(cutMs + BACK_WITHIN_MS + TWO_WORDS_MS);
    }
  });

  it('is back within 5 s when the media workers are killed, and goes on in the same transcript', async () => {
    const pages = await joinAll();
    await Promise.all(PEOPLE.map((who) => nextWords(who, SOME)));
    const before = newestHeard();
    const voicesBefore = await Promise.all(pages.map(voicesOn));
    expect(voicesBefore.map(({ length }) => length)).toEqual([2, 2, 2]);
    const killed = program.mediaWorkers();
    expect(killed.length).toBeGreaterThan(0);
    const killedAtMs = performance.now();
    for (const pid of killed) process.kill(pid, 'SIGKILL');
    const back = pages.map(async (page, at) => {
      await until(
        async () => {
          const now = await voicesOn(page);
          return now.length === 2 && now.every((voice) => !voicesBefore[at]!.includes(voice));
        },
        { what: `two voices on page ${at}` },
      );
      return performance.now() - killedAtMs;
    });
    for (const ms of await Promise.all(back)) expect(ms).toBeLessThan(5_000);
    await Promise.all(PEOPLE.map((who) => nextWords(who, SOME)));
    expect(program.mediaWorkers()).toHaveLength(killed.length);

    for (const all of await toldEverywhere(pages, { upTo: newestHeard() })) {
      for (const [who, { gaps }] of all.entries()) {
        expect(gaps.length).toBeLessThanOrEqual(1);
        for (const { after, ms } of gaps) {
          expect(after).toBeGreaterThanOrEqual(before[who]!);
          expect(ms).toBeLessThan(5_000 + TWO_WORDS_MS);
        }
      }
    }
  });

  it('goes on after the process was killed, with all that was final before, and nothing twice', async () => {
    const pages = await joinAll();
    await Promise.all(PEOPLE.map((who) => nextWords(who, SOME)));
    const final = (await transcriptOf(pages[2]!)).flatMap(({ text }) => wordsIn(text));
    expect(final.length).toBeGreaterThan(SOME);
    // A word later: what was final at the page a moment ago is in the database by now.
    await nextWords(0, 1);
    await program.killAndStartAgain();
    await Promise.all(PEOPLE.map((who) => nextWords(who, SOME)));

    for (const all of await toldEverywhere(pages, { upTo: newestHeard() })) {
      const words = new Set(all.flatMap((told) => told.words));
      expect(final.filter((word) => !words.has(word))).toEqual([]);
      for (const { gaps } of all) expect(gaps.length).toBeLessThanOrEqual(1);
    }

    await pages[0]!.getByRole('button', { name: 'Leave', exact: true }).click();
    await pages[0]!.getByRole('button', { name: 'End for everyone' }).click();
    const [result] = await program.workspace.results(card.channel, card.ts);
    // Here, too, a word that came twice would throw.
    const told = PEOPLE.map((who) => toldBy(saidIn([result!]), who));
    const words = new Set(told.flatMap((each) => each.words));
    expect(final.filter((word) => !words.has(word))).toEqual([]);
    expect(shownText(result!)).toContain('3 speakers');
  });
});
