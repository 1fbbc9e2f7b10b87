import type { Notification, Request, Responses } from '../../../media/signalling/messages.ts';
import { openRequestChannel, type RequestChannel } from '../../shared/request-channel.ts';

interface MeetingProtocol {
  readonly request: Request;
  readonly responses: Responses;
  readonly notification: Notification;
}

/** The page's end of the signalling. A response that does not come in time closes it. */
export type Channel = RequestChannel<MeetingProtocol>;

export interface ChannelListener {
  readonly notification: (notification: Notification) => void;
  /** The server gives no sign of life (`true`), or does again. The channel is not given up yet. */
  readonly unresponsive: (isUnresponsive: boolean) => void;
  /** Called once, with the code of a `CloseEvent`: also when it never opened (1006). */
  readonly closed: (code: number) => void;
}

/** Longer than a loaded server takes to open transports, shorter than people wait before they reload a page. */
const RESPONSE_TIMEOUT_MS = 8_000;
/** After so long without a message, the server is pinged: broken mobile connections do not close by themselves. */
const IDLE_MS = 4_000;
/** An unanswered ping is shown to people after this; a slow connection answers sooner. */
const UNRESPONSIVE_AFTER_MS = 1_500;

/** Opens the signalling channel, and keeps it alive with pings. */
export const openChannel = (options: {
  readonly url: string;
  readonly protocols?: string[];
  readonly on: ChannelListener;
}): Channel => {
  const { on } = options;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isUnresponsive = false;

  const setUnresponsive = (now: boolean): void => {
    if (now === isUnresponsive) return;
    isUnresponsive = now;
    on.unresponsive(now);
  };
  const restartKeepAlive = (): void => {
    clearTimeout(timer);
    setUnresponsive(false);
    timer = setTimeout(() => {
      channel.request('ping').catch(() => {});
      timer = setTimeout(() => setUnresponsive(true), UNRESPONSIVE_AFTER_MS);
    }, IDLE_MS);
  };

  const channel: Channel = openRequestChannel<MeetingProtocol>({
    url: options.url,
    ...(options.protocols === undefined ? {} : { protocols: options.protocols }),
    timeoutMs: RESPONSE_TIMEOUT_MS,
    on: {
      opened: restartKeepAlive,
      active: restartKeepAlive,
      notification: on.notification,
      closed({ code }) {
        clearTimeout(timer);
        on.closed(code!);
      },
    },
  });
  return channel;
};
