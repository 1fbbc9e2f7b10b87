import type { ControlEvent } from '../control.ts';

/** Waits between attempts, so that a workspace that starts again is found within two seconds. */
const RECONNECT_MS = [250, 500, 1000, 2000] as const;

export interface LiveHandlers {
  /** The socket is open: from here on nothing is missed. */
  onOpen(): void;
  onEvent(event: ControlEvent): void;
  onLost(): void;
}

/** Keeps a connection to the workspace's events, reconnecting by itself. Returns what closes it for good. */
export function connectLive(handlers: LiveHandlers): () => void {
  let closed = false;
  let attempts = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let socket: WebSocket | undefined;

  const connect = () => {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    socket = new WebSocket(`${scheme}://${location.host}/control/live`);
    socket.onopen = () => {
      attempts = 0;
      handlers.onOpen();
    };
    socket.onmessage = (message) => handlers.onEvent(JSON.parse(String(message.data)) as ControlEvent);
    socket.onclose = () => {
      if (closed) return;
      handlers.onLost();
      timer = setTimeout(connect, RECONNECT_MS[Math.min(attempts, RECONNECT_MS.length - 1)]);
      attempts += 1;
    };
  };
  connect();

  return () => {
    closed = true;
    clearTimeout(timer);
    socket?.close();
  };
}
