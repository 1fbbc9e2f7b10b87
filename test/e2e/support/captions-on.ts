import type { Page } from 'playwright-core';
import type { Caption, JoinResponse, Notification } from '../../../src/media/signalling/messages.ts';

/** A final as it came to a page, with its times, which no page shows. */
interface Received extends Caption {
  /** How long after its last word it came, by the meeting's clock as it was told on joining. */
  readonly afterMs: number;
}

/** Collects the finals that the server sends to a page that has not joined yet. */
export const captionsOn = (page: Page): { finals(): readonly Received[] } => {
  const finals: Received[] = [];
  let clockZeroMs = 0;
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => {
      const said = JSON.parse(String(payload)) as Partial<Notification> & { data?: Partial<JoinResponse> };
      if (said.data?.nowMs !== undefined) clockZeroMs = performance.now() - said.data.nowMs;
      if (said.notification !== 'caption' || said.caption?.isFinal !== true) return;
      finals.push({ ...said.caption, afterMs: performance.now() - clockZeroMs - said.caption.endMs });
    });
  });
  return { finals: () => finals };
};
