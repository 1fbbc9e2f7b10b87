import type {
  Notification,
  RequestData,
  RequestName,
  ResponseMessage,
  Responses,
} from '../../media/signalling/messages.ts';

/** A request that the server refused, in its own sentence. */
export class Refused extends Error {
  readonly code: string;
  constructor(code: string, sentence: string) {
    super(sentence);
    this.name = 'Refused';
    this.code = code;
  }
}

/** The line broke before the answer came. */
export class ChannelLost extends Error {
  constructor() {
    super('The connection to the meeting was lost.');
    this.name = 'LineLost';
  }
}

/** The page's end of the signalling. */
export interface Channel {
  /** Whether it broke or was closed: then whatever is asked is rejected. */
  readonly isOver: boolean;
  /** Rejects with `Refused`, or with `LineLost` when the line breaks or says nothing for too long. */
  request<A extends RequestName>(request: A, ...data: Asked<A>): Promise<Responses[A]>;
  /** Idempotent; `closed` is called with 1000. */
  close(): void;
}

type Asked<A extends RequestName> = keyof RequestData<A> extends never ? [] : [data: RequestData<A>];

export interface ChannelListener {
  readonly told: (notification: Notification) => void;
  /** The server gives no sign of life (`true`), or does again. The line is not given up yet. */
  readonly silent: (isSilent: boolean) => void;
  /** Called once, whoever closed it and however: also when it never opened (1006, as browsers say). */
  readonly closed: (code: number) => void;
}

/**
 * A server that does not answer within this is not there: the line is dropped and made anew. Longer than what a
 * loaded server takes to open transports, shorter than what people wait before they reload a page.
 */
const ANSWER_WITHIN_MS = 8_000;
/** After so long without a word from the server, it is asked for one. Broken mobile lines do not close by themselves. */
const QUIET_FOR_MS = 4_000;
/** Without a sign of life for this long after it was asked for, people are told; a slow line answers sooner. */
const SILENT_AFTER_MS = 1_500;

/** Opens the signalling at `url` (`ws:` or `wss:`); what is asked before it is open waits. */
export const openChannel = (options: {
  readonly url: string;
  readonly protocols?: string[];
  readonly on: ChannelListener;
  readonly answerWithinMs?: number;
  readonly quietForMs?: number;
  readonly silentAfterMs?: number;
}): Channel => {
  const { url, on, answerWithinMs = ANSWER_WITHIN_MS } = options;
  const { quietForMs = QUIET_FOR_MS, silentAfterMs = SILENT_AFTER_MS } = options;
  const socket = new WebSocket(url, options.protocols);
  const waiting = new Map<number, Waiting>();
  const unsent: string[] = [];
  let asked = 0;
  let over = false;
  let quiet: ReturnType<typeof setTimeout> | undefined;
  let isSilent = false;

  const end = (code: number): void => {
    if (over) return;
    over = true;
    clearTimeout(quiet);
    for (const { timer, reject } of waiting.values()) {
      clearTimeout(timer);
      reject(new ChannelLost());
    }
    waiting.clear();
    // A half-open socket takes minutes to close; nobody waits for it.
    socket.close();
    on.closed(code);
  };

  const request = <A extends RequestName>(name: A, ...[data]: Asked<A>): Promise<Responses[A]> =>
    new Promise((resolve, reject) => {
      if (over) return reject(new ChannelLost());
      asked += 1;
      const timer = setTimeout(() => end(1006), answerWithinMs);
      waiting.set(asked, { timer, resolve: (answer) => resolve(answer as Responses[A]), reject });
      const text = JSON.stringify({ id: asked, request: name, ...data });
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
      else unsent.push(text);
    });

  const setSilent = (now: boolean): void => {
    if (now === isSilent) return;
    isSilent = now;
    on.silent(now);
  };
  /** From each sign of life on, for the next. */
  const listen = (): void => {
    clearTimeout(quiet);
    setSilent(false);
    quiet = setTimeout(() => {
      request('ping').catch(() => {});
      quiet = setTimeout(() => setSilent(true), silentAfterMs);
    }, quietForMs);
  };

  const answered = (answer: ResponseMessage): void => {
    const asker = waiting.get(answer.response);
    if (asker === undefined) return;
    waiting.delete(answer.response);
    clearTimeout(asker.timer);
    if (answer.ok) asker.resolve(answer.data);
    else asker.reject(new Refused(answer.error.code, answer.error.sentence));
  };

  // A socket that never opens is one that does not answer.
  const opening = setTimeout(() => end(1006), answerWithinMs);
  socket.addEventListener('open', () => {
    clearTimeout(opening);
    for (const text of unsent.splice(0)) socket.send(text);
    listen();
  });
  socket.addEventListener('message', ({ data }) => {
    if (over) return;
    listen();
    const message = JSON.parse(String(data)) as ResponseMessage | Notification;
    if ('response' in message) answered(message);
    else on.told(message);
  });
  socket.addEventListener('close', ({ code }) => {
    clearTimeout(opening);
    end(code);
  });

  return {
    get isOver() {
      return over;
    },
    request,
    close: () => end(1000),
  };
};

interface Waiting {
  readonly timer: ReturnType<typeof setTimeout>;
  readonly resolve: (data: Responses[RequestName]) => void;
  readonly reject: (error: Error) => void;
}

const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 5_000;

/**
 * How long to wait before try number `attempt` (from 0) to come back: doubling, and never the same for everybody
 * (`random` is 0 to 1), so that a server that restarts is not met by all pages at once.
 */
export const waitBeforeTryMs = (attempt: number, random: number): number => {
  const mostMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
  return Math.round(mostMs * (0.5 + random / 2));
};
