import type { CancelTimer, Clock, Log } from '../../../src/core/ports.ts';
import type { Failures } from '../../common/failures.ts';
import type { SlackFailure } from '../failures.ts';
import { newId } from '../ids.ts';
import type { PendingEvent, SettingsStore } from '../store/settings.ts';
import type { AppSettings, Json, Team } from '../types.ts';
import { type AppLink, Undelivered } from './link.ts';

/** When Slack tries an event again after its first failure. @see https://docs.slack.dev/apis/events-api#retries */
const RETRY_AFTER_MS = [0, 60_000, 300_000];

export interface EventQueue {
  /** Queues an event for the app and returns its `event_id`. It survives restarts until it is acknowledged. */
  emit(event: Json): string;
  /** Sends the unacknowledged events of an earlier run. */
  resume(): void;
  close(): void;
}

export const createEventQueue = (options: {
  settings: SettingsStore;
  link: AppLink;
  failures: Failures<SlackFailure>;
  team: () => Team;
  /** The workspace of the person whom an event is about. */
  teamOf: (userId: string) => string;
  app: () => AppSettings;
  clock: Clock;
  log: Log;
}): EventQueue => {
  const { settings, link, failures, team, teamOf, app, clock, log } = options;
  const nowMs = () => clock.nowMs();
  const timers = new Set<CancelTimer>();
  let open = true;

  const attempt = async (event: PendingEvent): Promise<void> => {
    try {
      await link.deliver(event.body, { attempt: event.attempt, reason: event.reason });
      if (!open) return;
      if (event.attempt === 0 && failures.shouldFail('unacked-events')) throw new Undelivered('timeout');
      settings.removeEvent(event.id);
      if (event.attempt === 0 && failures.shouldFail('duplicate-events')) {
        await link.deliver(event.body, { attempt: 1, reason: 'timeout' });
      }
    } catch (error) {
      if (open) failed(event, error);
    }
  };

  const failed = (event: PendingEvent, error: unknown): void => {
    const reason = error instanceof Undelivered ? error.reason : 'unknown';
    const waitMs = RETRY_AFTER_MS[event.attempt];
    if (waitMs === undefined || (error instanceof Undelivered && error.final)) {
      log.warn({ eventId: event.id, reason }, 'slack: an event was not acknowledged');
      settings.removeEvent(event.id);
      return;
    }
    const dueMs = nowMs() + waitMs * app().retryScale;
    schedule({ ...event, attempt: event.attempt + 1, dueMs, reason });
  };

  const schedule = (event: PendingEvent): void => {
    settings.saveEvent(event);
    const cancel = clock.after(Math.max(0, event.dueMs - nowMs()), () => {
      timers.delete(cancel);
      void attempt(event);
    });
    timers.add(cancel);
  };

  return {
    emit: (event) => {
      const id = newId('Ev');
      const { appId, botUserId } = app();
      const enterpriseId = team().enterprise?.id ?? null;
      const sourceId = typeof event.user === 'string' ? teamOf(event.user) : team().id;
      const body = {
        token: 'not-used-since-signatures',
        // In a channel shared with another organization, that one's; the app's own is in the authorizations.
        team_id: sourceId,
        context_team_id: team().id,
        context_enterprise_id: enterpriseId,
        api_app_id: appId,
        event,
        type: 'event_callback',
        event_id: id,
        event_time: Math.floor(nowMs() / 1000),
        authorizations: [
          {
            enterprise_id: enterpriseId,
            team_id: team().id,
            user_id: botUserId,
            is_bot: true,
            is_enterprise_install: false,
          },
        ],
        is_ext_shared_channel: sourceId !== team().id || failures.isOn('slack-connect-files'),
        event_context: `4-${id}`,
      };
      schedule({ id, attempt: 0, dueMs: nowMs(), reason: null, body });
      return id;
    },
    resume: () => {
      for (const event of settings.events()) schedule(event);
    },
    close: () => {
      open = false;
      for (const cancel of timers) cancel();
      timers.clear();
    },
  };
};
