import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src/core/error.ts';
import type { Tx } from '../../../../src/core/ports.ts';
import { toStorageError } from '../../../../src/storage/errors.ts';
import { join, markers, markersIn, openMeeting, range } from '../../support/meeting.ts';
import { ANA, channelId, openStage, workspaceId } from '../../support/stage.ts';

const fromServer = (code: string) =>
  toStorageError(Object.assign(new Error('x'), { code, severity: 'ERROR' }));
const READ_ONLY = fromServer('25006');
/** Whatever would not pass by itself, for all that the program knows. */
const REFUSED = new AppError({ code: 'unexpected', retryable: false, userMessage: 'No.' });

const failingWrites =
  (error: AppError) =>
  (tx: Tx): Tx => ({
    ...tx,
    saveLines: async () => {
      throw error;
    },
  });

const NOT_SAVED = /Captions are not being saved/;

const openUnsaved = async () => {
  const stage = await openStage();
  const { one, chat, clock } = stage;
  const id = await openMeeting(stage, one);
  const linesOf = async () => markersIn((await stage.transact((tx) => tx.lines(id))).map(({ text }) => text));
  const card = (): string =>
    JSON.stringify(chat.messages({ workspaceId, channelId }).map(({ message }) => message));
  return { ...stage, id, clock, one, linesOf, card };
};

describe.each([
  ['takes no writes', READ_ONLY],
  ['refuses them', REFUSED],
])('captions while the database %s', (_name, error) => {
  it('are kept, said not to be saved, and stored once it takes them', async () => {
    const { id, one, clock, setStoreFault, linesOf, card } = await openUnsaved();
    const ana = await join(one, id, ANA);
    ana.say(markers(range(0, 10)), 0);
    await clock.advance(10_000);
    setStoreFault(failingWrites(error));
    for (let second = 0; second < 20; second += 1) {
      ana.say(markers(range(10 + second * 3, 3)), 10_000 + second * 1_000);
      await clock.advance(1_000);
    }
    expect(one.rooms.room(id).captionsUnsaved).toBe(true);
    expect(card()).toMatch(NOT_SAVED);
    setStoreFault(null);
    await clock.advance(10_000);
    expect(await linesOf()).toEqual(range(0, 70));
    expect(one.rooms.room(id).captionsUnsaved).toBe(false);
    expect(card()).not.toMatch(NOT_SAVED);
  });

  it('are stored at the end of the meeting', async () => {
    const { id, one, clock, setStoreFault, linesOf, conversation } = await openUnsaved();
    const ana = await join(one, id, ANA);
    setStoreFault(failingWrites(error));
    ana.say(markers(range(0, 10)), 0);
    await clock.advance(5_000);
    await one.requests.endMeeting(id, ANA);
    await clock.advance(20_000);
    setStoreFault(null);
    await clock.advance(60_000);
    expect(await linesOf()).toEqual(range(0, 10));
    expect((await conversation(id))!.state.name).toBe('published');
  });
});

it('a meeting whose captions are refused for good still ends', async () => {
  const { id, one, clock, setStoreFault, conversation } = await openUnsaved();
  const ana = await join(one, id, ANA);
  setStoreFault(failingWrites(REFUSED));
  ana.say(markers(range(0, 10)), 0);
  await clock.advance(5_000);
  await one.requests.endMeeting(id, ANA);
  await clock.advance(120_000);
  expect((await conversation(id))!.state.name).toBe('failed');
});

it('a slow answer is no news', async () => {
  const { id, one, clock, setStoreFault, linesOf } = await openUnsaved();
  const ana = await join(one, id, ANA);
  setStoreFault(failingWrites(READ_ONLY));
  ana.say(markers(range(0, 10)), 0);
  await clock.advance(4_000);
  setStoreFault(null);
  expect(one.rooms.room(id).captionsUnsaved).toBe(false);
  await clock.advance(10_000);
  expect(one.rooms.room(id).captionsUnsaved).toBe(false);
  expect(await linesOf()).toEqual(range(0, 10));
});
