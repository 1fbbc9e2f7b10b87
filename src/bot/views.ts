import type { ModalView } from '@slack/types';
import { z } from 'zod';
import type { Clock } from '../core/ports.ts';
import type { Api } from './api/api.ts';

const Opened = z.object({ view: z.object({ id: z.string() }) });

/** Opens a dialog for the person who just clicked: a trigger opens one, and within 3 s. */
export const openView = async (api: Api, triggerId: string, view: ModalView): Promise<void> => {
  await api.call('views.open', { trigger_id: triggerId, view }, Opened);
};

/** Replaces an open dialog. @throws when it was closed meanwhile */
export const updateView = async (api: Api, viewId: string, view: ModalView): Promise<void> => {
  await api.call('views.update', { view_id: viewId, view }, Opened);
};

/** Slack shows an error 3 s after a click or a submission, and takes no view later; this leaves time to travel. */
const RESPONSE_DEADLINE_MS = 2_300;

/** What `work` resolves to, or null when Slack's deadline is too close to wait for it longer. */
export const withinDeadline = async <T>(clock: Clock, work: Promise<T>): Promise<T | null> => {
  const { promise: expired, resolve } = Promise.withResolvers<null>();
  const cancel = clock.after(RESPONSE_DEADLINE_MS, () => resolve(null));
  return Promise.race([work, expired]).finally(cancel);
};
