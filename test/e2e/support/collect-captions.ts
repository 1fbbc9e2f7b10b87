import type { Page } from 'playwright-core';
import type { Caption, Notification } from '../../../src/media/signalling/messages.ts';

/** Collects the final captions that the server sends, with their times. To be called before the page joins. */
export const collectCaptions = (page: Page): { finals(): readonly Caption[] } => {
  const finals: Caption[] = [];
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => {
      const message = JSON.parse(String(payload)) as Partial<Notification>;
      if (message.notification === 'caption' && message.caption?.isFinal === true)
        finals.push(message.caption);
    });
  });
  return { finals: () => finals };
};
