/** Waits between attempts, so that a workspace that starts again is found within two seconds. */
const RECONNECT_MS = [250, 500, 1000, 2000] as const;

export interface SocketHandlers {
  /** The socket is open: from here on nothing is missed. */
  onOpen?(): void;
  /** Text, or an `ArrayBuffer`. */
  onMessage(data: unknown): void;
  onLost?(): void;
}

export interface KeptSocket {
  /** Sends at once or, while there is no connection, not at all. */
  send(data: ArrayBuffer): void;
  /** For good. */
  close(): void;
}

/** Keeps a connection to a WebSocket of the workspace (`path` of its address), reconnecting by itself. */
export function keepSocket(path: string, handlers: SocketHandlers): KeptSocket {
  let closed = false;
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
      if (!closed) handlers.onMessage(data);
    };
    socket.onclose = () => {
      if (closed) return;
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
      closed = true;
      clearTimeout(timer);
      socket?.close();
    },
  };
}
