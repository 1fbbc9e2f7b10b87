import type { RtpCapabilities } from 'mediasoup-client/types';
import type { JoinResponse, Notification, TransportIds } from '../../media/signalling/messages.ts';
import { browserProtocols } from './browser-key.ts';
import { type Channel, ChannelLost, openChannel, Refused, waitBeforeTryMs } from './channel.ts';
import type { Over } from './state.ts';

export interface ConnectionListener {
  /** In the meeting, for the first time or again. */
  readonly joined: (line: Channel, joined: JoinResponse) => void;
  readonly told: (notification: Notification) => void;
  /** The server gives no sign of life on this line, or does again. */
  readonly silent: (isSilent: boolean) => void;
  /** The line broke; it is being made anew. */
  readonly lost: () => void;
  /** The first join did not succeed, in a sentence. Nothing more is tried. */
  readonly notJoined: (sentence: string) => void;
  /** It is over for this page. Nothing more is tried. */
  readonly over: (over: Over) => void;
}

export interface Connection {
  /** Drops the line, which comes back by itself. */
  again(): void;
  /** Ends it; nothing is called any more. Idempotent. */
  close(): void;
}

/** The server's reasons that end it for this page. @see src/media/signalling/limits.ts */
const FINAL: Readonly<Record<number, Over>> = {
  4403: { kind: 'removed', sentence: 'The host removed you from this meeting.' },
  4409: { kind: 'elsewhere', sentence: 'You joined this meeting from another page or device.' },
  4410: { kind: 'ended', sentence: 'The conversation is over.' },
};
/** A first join that fails as often tells the person instead; some five seconds. */
const FIRST_TRIES = 5;

export interface Place {
  readonly get: () => string | null;
  readonly set: (token: string | null) => void;
}

/** Joins, and joins again whenever the line breaks, until it is over. */
export const keepJoined = (options: {
  readonly url: string;
  /** The key of this browser. */
  readonly browser: string;
  /** Asks over plain HTTP whether the meeting takes people: why not, as a sentence, or null when it does. */
  readonly whyClosed: () => Promise<string | null>;
  /** What the browser can play of what the room offers. */
  readonly load: (offered: RtpCapabilities) => Promise<RtpCapabilities>;
  /** Keeps the token of one's place while a page is loaded anew: it opens the door longer than the link does. */
  readonly place: Place;
  /** What carries the page's media, to be kept; null when nothing does. */
  readonly transports: () => TransportIds | null;
  readonly on: ConnectionListener;
  readonly random?: () => number;
}): Connection => {
  const { whyClosed, load, place, on, random = Math.random } = options;
  let { url } = options;
  let wasIn = false;
  let attempt = 0;
  let line: Channel | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let ended = false;

  const close = (): void => {
    ended = true;
    clearTimeout(retry);
    line?.close();
  };
  const finish = (tell: () => void): void => {
    if (ended) return;
    close();
    tell();
  };

  const tryAgain = async (): Promise<void> => {
    attempt += 1;
    const why = await whyClosed();
    if (ended) return;
    if (why !== null) return finish(() => on.over({ kind: 'closed', sentence: why }));
    if (!wasIn && attempt >= FIRST_TRIES) {
      return finish(() =>
        on.notJoined('The meeting cannot be reached. Check your connection, then try again.'),
      );
    }
    retry = setTimeout(connect, waitBeforeTryMs(attempt - 1, random()));
  };

  const joinOn = async (opened: Channel, offered: RtpCapabilities): Promise<void> => {
    try {
      const rtpCapabilities = await load(offered);
      const resumeToken = place.get();
      const transports = options.transports();
      const joined = await opened.request('join', {
        rtpCapabilities,
        ...(resumeToken === null ? {} : { resumeToken }),
        ...(transports === null ? {} : { transports }),
      });
      if (ended || opened !== line) return;
      place.set(joined.resumeToken);
      wasIn = true;
      attempt = 0;
      on.joined(opened, joined);
    } catch (error) {
      if (error instanceof ChannelLost) return;
      if (error instanceof Refused && error.code === 'failed') return opened.close();
      finish(() => refused(error));
    }
  };

  const refused = (error: unknown): void => {
    const sentence =
      error instanceof Refused
        ? error.message
        : 'This browser cannot take part in meetings. Try a current Chrome, Firefox or Safari.';
    if (error instanceof Refused && error.code === 'not-allowed') on.over({ kind: 'removed', sentence });
    else if (!wasIn) on.notJoined(sentence);
    else on.over({ kind: 'closed', sentence });
  };

  const connect = (): void => {
    const opened: Channel = openChannel({
      url,
      protocols: browserProtocols(options.browser),
      on: {
        told: (news) => {
          if (ended || opened !== line) return;
          if (news.notification === 'welcome') void joinOn(opened, news.rtpCapabilities as RtpCapabilities);
          if (news.notification === 'reconnectTo') url = news.url;
          on.told(news);
        },
        silent: (isSilent) => {
          if (!ended && opened === line) on.silent(isSilent);
        },
        closed: (code) => {
          if (ended || opened !== line) return;
          const final = FINAL[code];
          if (final !== undefined) return finish(() => on.over(final));
          if (wasIn) on.lost();
          void tryAgain();
        },
      },
    });
    line = opened;
  };

  connect();
  return { again: () => line?.close(), close };
};
