/** Delays before each new attempt, so that a workspace that restarts is found within two seconds. */
const RECONNECT_MS = [250, 500, 1000, 2000] as const;

export interface SocketHandlers {
  /** The socket is open: no message is missed from here on. */
  onOpen?(): void;
  /** Text, or an `ArrayBuffer`. */
  onMessage(data: unknown): void;
  onLost?(): void;
}

export interface ReconnectingSocket {
  /** Drops the data while there is no connection. */
  send(data: ArrayBuffer): void;
  /** Stops reconnecting. Idempotent. */
  close(): void;
}

/** Opens a WebSocket to a path of the workspace, and opens it again whenever it is lost. */
export function openSocket(path: string, handlers: SocketHandlers): ReconnectingSocket {
  let isClosed = false;
  let attempts = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let socket: WebSocket | undefined;

  const connect = () => {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    socket = new WebSocket(`${scheme}://${location.host}${path}`);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      attempts = 0;
      handlers.onOpen?.();
    };
    socket.onmessage = ({ data }) => {
      if (!isClosed) handlers.onMessage(data);
    };
    socket.onclose = () => {
      if (isClosed) return;
      handlers.onLost?.();
      timer = setTimeout(connect, RECONNECT_MS[Math.min(attempts, RECONNECT_MS.length - 1)]);
      attempts += 1;
    };
  };
  connect();

  return {
    send: (data) => {
      if (socket?.readyState === WebSocket.OPEN) socket.send(data);
    },
    close: () => {
      isClosed = true;
      clearTimeout(timer);
      socket?.close();
    },
  };
}
