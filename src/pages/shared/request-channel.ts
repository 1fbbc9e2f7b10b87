/**
 * Requests and responses over one WebSocket, as JSON text:
 *
 *   to the server    { "id": 7, "request": "produce", … }
 *   from it          { "response": 7, "ok": true, "data": … } or { "response": 7, "ok": false, "error": … }
 *                    { "notification": "peerJoined", … }
 *
 * The server is trusted: what it sends is typed here and not parsed.
 */
export interface Protocol {
  /** A union of all requests. */
  readonly request: { readonly id: number; readonly request: string };
  /** The data of each request's response, by the request's name. */
  readonly responses: object;
  /** A union of all notifications. */
  readonly notification: { readonly notification: string };
}

type Name<P extends Protocol> = P['request']['request'] & keyof P['responses'];
type Data<P extends Protocol, N> = Omit<Extract<P['request'], { readonly request: N }>, 'id' | 'request'>;
/** Requests without data are called with their name alone. */
type Arguments<P extends Protocol, N> = keyof Data<P, N> extends never ? [] : [data: Data<P, N>];

interface Failure {
  readonly ok: false;
  readonly error: { readonly code: string; readonly sentence: string };
}
type Message<P extends Protocol> =
  | ({ readonly response: number } & ({ readonly ok: true; readonly data: unknown } | Failure))
  | P['notification'];

/** The server refused a request; `message` is its sentence. */
export class RequestRefused extends Error {
  readonly code: string;
  constructor(code: string, sentence: string) {
    super(sentence);
    this.name = 'RequestRefused';
    this.code = code;
  }
}

/** The channel closed before the response came, or the response did not come in time. */
export class ChannelLost extends Error {
  /** As of `CloseEvent`; null when there was no response in time. */
  readonly code: number | null;
  readonly reason: string;
  constructor(code: number | null, reason = '') {
    super(code === null ? 'no response in time' : `closed (${code}${reason === '' ? '' : `: ${reason}`})`);
    this.name = 'ChannelLost';
    this.code = code;
    this.reason = reason;
  }
}

export interface RequestChannel<P extends Protocol> {
  readonly isClosed: boolean;
  /** @throws RequestRefused, ChannelLost */
  request<N extends Name<P>>(name: N, ...data: Arguments<P, N>): Promise<P['responses'][N]>;
  /** Idempotent. */
  close(): void;
}

export interface RequestChannelListener<P extends Protocol> {
  readonly opened?: () => void;
  /** Anything came from the server. */
  readonly active?: () => void;
  readonly notification?: (notification: P['notification']) => void;
  /** Once, whoever closed it: 1000 for `close`, 1006 when it never opened or a response did not come. */
  readonly closed?: (lost: ChannelLost) => void;
}

/** What browsers report for a connection that ended without a closing handshake. */
const ABNORMAL_CLOSURE = 1006;
const NORMAL_CLOSURE = 1000;

/**
 * Opens a channel to `url` (`ws:` or `wss:`). Requests made before it is open wait for it.
 * @param options.timeoutMs for opening, and for each response
 * @param options.keepOnTimeout a late response rejects its request alone; by default it closes the channel
 */
export const openRequestChannel = <P extends Protocol>(options: {
  readonly url: string;
  readonly protocols?: string[];
  readonly timeoutMs: number;
  readonly keepOnTimeout?: boolean;
  readonly on: RequestChannelListener<P>;
}): RequestChannel<P> => {
  const { on, timeoutMs } = options;
  const socket = new WebSocket(options.url, options.protocols);
  const pending = new Map<number, Pending>();
  const unsent: string[] = [];
  let lastId = 0;
  let lost: ChannelLost | null = null;

  const end = (code: number, reason = ''): void => {
    if (lost !== null) return;
    lost = new ChannelLost(code, reason);
    clearTimeout(opening);
    for (const { timer, reject } of pending.values()) {
      clearTimeout(timer);
      reject(lost);
    }
    pending.clear();
    // The closing handshake of a half-open socket takes minutes; nothing waits for it.
    socket.close();
    on.closed?.(lost);
  };
  const timedOut = (id: number): void => {
    if (options.keepOnTimeout) {
      pending.get(id)?.reject(new ChannelLost(null));
      pending.delete(id);
    } else {
      end(ABNORMAL_CLOSURE);
    }
  };

  const opening = setTimeout(() => end(ABNORMAL_CLOSURE), timeoutMs);
  socket.addEventListener('open', () => {
    if (lost !== null) return;
    clearTimeout(opening);
    for (const text of unsent.splice(0)) socket.send(text);
    on.opened?.();
  });
  socket.addEventListener('message', ({ data }) => {
    if (lost !== null) return;
    on.active?.();
    const message = JSON.parse(String(data)) as Message<P>;
    if (!('response' in message)) return on.notification?.(message);
    const request = pending.get(message.response);
    if (request === undefined) return;
    pending.delete(message.response);
    clearTimeout(request.timer);
    if (message.ok) request.resolve(message.data);
    else request.reject(new RequestRefused(message.error.code, message.error.sentence));
  });
  socket.addEventListener('close', ({ code, reason }) => end(code, reason));

  return {
    get isClosed() {
      return lost !== null;
    },
    request: (name, ...[data]) =>
      new Promise((resolve, reject) => {
        if (lost !== null) return reject(lost);
        lastId += 1;
        const id = lastId;
        const timer = setTimeout(() => timedOut(id), timeoutMs);
        pending.set(id, { timer, resolve: (value) => resolve(value as never), reject });
        const text = JSON.stringify({ id, request: name, ...data });
        if (socket.readyState === WebSocket.OPEN) socket.send(text);
        else unsent.push(text);
      }),
    close: () => end(NORMAL_CLOSURE),
  };
};

interface Pending {
  readonly timer: ReturnType<typeof setTimeout>;
  readonly resolve: (data: unknown) => void;
  readonly reject: (error: Error) => void;
}
