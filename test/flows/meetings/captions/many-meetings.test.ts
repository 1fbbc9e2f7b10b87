import { describe, expect, it } from 'vitest';
import { createLimits } from '../../../../sandbox/slack/limits.ts';
import { rateLimited } from '../../../../src/bot/api/refusal.ts';
import type { Chat } from '../../../../src/core/ports.ts';
import { join, markersIn, openMeeting } from '../../support/meeting.ts';
import { ANA, createStage } from '../../support/stage.ts';

const MEETINGS = 5;
const MINUTES = 5;

describe('five meetings at once', () => {
  it('have captions side by side within the edits that Slack allows in a minute, none more than 15 s late', async () => {
    const stage = createStage();
    const { clock, chat } = stage;
    const limits = createLimits(() => clock.nowMs());
    let refused = 0;
    const limited: Chat = {
      ...chat,
      edit: async (...args) => {
        const waitSec = limits.take('chat.update', 3);
        if (waitSec === null) return chat.edit(...args);
        refused += 1;
        throw rateLimited(waitSec);
      },
    };
    const one = stage.instance('one', { chat: limited });
    await one.work();
    const meetings = [];
    for (let number = 0; number < MEETINGS; number += 1) {
      const id = await openMeeting(stage, one, `Meeting ${number}`);
      meetings.push({ id, ana: await join(one, id, ANA) });
    }
    const lateMs = meetings.map(() => 0);
    for (let second = 0; second < MINUTES * 60; second += 1) {
      for (const { ana } of meetings) ana.say(`M${second}`, second * 1_000);
      await clock.advance(1_000);
      for (const [index, { id }] of meetings.entries()) {
        const newest = Math.max(0, ...markersIn(await stage.threadOf(id)));
        lateMs[index] = Math.max(lateMs[index] ?? 0, (second - newest) * 1_000);
      }
    }
    expect(refused).toBe(0);
    expect(Math.max(...lateMs)).toBeLessThanOrEqual(15_000);
  });
});
