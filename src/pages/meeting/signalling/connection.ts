import type { RtpCapabilities } from 'mediasoup-client/types';
import type { JoinResponse, Notification, TransportIds } from '../../../media/signalling/messages.ts';
import { ChannelLost, RequestRefused } from '../../shared/request-channel.ts';
import { ENDINGS, JOIN_ERRORS, type MeetingKind } from '../sentences.ts';
import type { Ending } from '../state/state.ts';
import { browserProtocols } from './browser-key.ts';
import { type Channel, openChannel } from './channel.ts';
import { errorSentence } from './error-sentence.ts';
import { reconnectDelayMs } from './reconnect-delay.ts';
import type { ResumeTokenStore } from './resume-token.ts';

export interface ConnectionListener {
  /** Joined, for the first time or again. */
  readonly joined: (channel: Channel, join: JoinResponse) => void;
  readonly notification: (notification: Notification) => void;
  /** The server gives no sign of life, or does again. */
  readonly unresponsive: (isUnresponsive: boolean) => void;
  /** The channel closed; another is being opened. */
  readonly lost: () => void;
  /** The first join failed. Nothing more is tried. */
  readonly joinFailed: (sentence: string) => void;
  /** Nothing more is tried. */
  readonly ended: (ending: Ending) => void;
}

export interface Connection {
  /** Closes the channel; another is opened. */
  reconnect(): void;
  /** After it, the listener is not called any more. Idempotent. */
  close(): void;
}

/** Close codes after which the page does not come back. @see src/media/signalling/limits.ts */
const FINAL_CODES: Readonly<Record<number, (kind: MeetingKind) => Ending>> = {
  4403: (kind) => ({ kind: 'removed', sentence: ENDINGS.removed(kind) }),
  4409: () => ({ kind: 'replaced', sentence: ENDINGS.replaced }),
  4410: (kind) => ({ kind: 'ended', sentence: ENDINGS.ended(kind) }),
};
/** After so many failed attempts (some five seconds) a first join is given up, with a sentence. */
const FIRST_JOIN_ATTEMPTS = 5;

/** Joins, and joins again whenever the channel closes, until the meeting ends for this page. */
export const openConnection = (options: {
  readonly url: string;
  readonly kind: () => MeetingKind;
  /** The key of this browser. */
  readonly browser: string;
  /** Asks over HTTP why the meeting cannot be joined: a sentence, or null when it can. */
  readonly whyClosed: () => Promise<string | null>;
  /** Loads the router's capabilities, and resolves with what the browser can receive of them. */
  readonly load: (routerRtpCapabilities: RtpCapabilities) => Promise<RtpCapabilities>;
  /** The token outlives the link, so that a page can be reloaded. */
  readonly resumeToken: ResumeTokenStore;
  /** The page's transports, to be resumed; null when there are none. */
  readonly transports: () => TransportIds | null;
  readonly on: ConnectionListener;
  /** Before reconnecting, by the number of attempts so far. */
  readonly delayMs?: (attempts: number) => number;
}): Connection => {
  const { kind, whyClosed, load, resumeToken, on } = options;
  const { delayMs = (attempts) => reconnectDelayMs(attempts, Math.random()) } = options;
  let { url } = options;
  let hasJoined = false;
  let attempts = 0;
  let channel: Channel | null = null;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;

  const close = (): void => {
    isClosed = true;
    clearTimeout(retryTimer);
    channel?.close();
  };
  const finish = (report: () => void): void => {
    if (isClosed) return;
    close();
    report();
  };

  const retry = async (): Promise<void> => {
    attempts += 1;
    const reason = await whyClosed();
    if (isClosed) return;
    if (reason !== null) return finish(() => on.ended({ kind: 'closed', sentence: reason }));
    if (!hasJoined && attempts >= FIRST_JOIN_ATTEMPTS) {
      return finish(() => on.joinFailed(JOIN_ERRORS.unreachable(kind())));
    }
    retryTimer = setTimeout(connect, delayMs(attempts - 1));
  };

  const joinOn = async (opened: Channel, routerRtpCapabilities: RtpCapabilities): Promise<void> => {
    try {
      const rtpCapabilities = await load(routerRtpCapabilities);
      const token = resumeToken.get();
      const transports = options.transports();
      const join = await opened.request('join', {
        rtpCapabilities,
        ...(token === null ? {} : { resumeToken: token }),
        ...(transports === null ? {} : { transports }),
      });
      if (isClosed || opened !== channel) return;
      resumeToken.set(join.resumeToken);
      hasJoined = true;
      attempts = 0;
      on.joined(opened, join);
    } catch (error) {
      if (error instanceof ChannelLost) return;
      // The server's own trouble may pass: the closed channel is followed by another attempt.
      if (error instanceof RequestRefused && error.code === 'failed') return opened.close();
      finish(() => reportRefusal(error));
    }
  };

  const reportRefusal = (error: unknown): void => {
    const code = error instanceof RequestRefused ? error.code : null;
    const sentence = joinErrorSentence(error, kind());
    if (code === 'not-allowed') on.ended({ kind: 'removed', sentence });
    else if (hasJoined) on.ended({ kind: 'closed', sentence });
    else on.joinFailed(sentence);
  };

  const connect = (): void => {
    const opened: Channel = openChannel({
      url,
      protocols: browserProtocols(options.browser),
      on: {
        notification: (notification) => {
          if (isClosed || opened !== channel) return;
          if (notification.notification === 'welcome') {
            void joinOn(opened, notification.rtpCapabilities as RtpCapabilities);
          }
          if (notification.notification === 'reconnectTo') url = notification.url;
          on.notification(notification);
        },
        unresponsive: (isUnresponsive) => {
          if (!isClosed && opened === channel) on.unresponsive(isUnresponsive);
        },
        closed: (code) => {
          if (isClosed || opened !== channel) return;
          const final = FINAL_CODES[code];
          if (final !== undefined) return finish(() => on.ended(final(kind())));
          if (hasJoined) on.lost();
          void retry();
        },
      },
    });
    channel = opened;
  };

  connect();
  return { reconnect: () => channel?.close(), close };
};

const joinErrorSentence = (error: unknown, kind: MeetingKind): string => {
  if (!(error instanceof RequestRefused)) {
    console.error(error);
    return JOIN_ERRORS.unsupportedBrowser;
  }
  // A page joins once on each channel, so this can only mean that the meeting is over.
  return error.code === 'wrong-order' ? ENDINGS.ended(kind) : errorSentence(error);
};
