import type { IceParameters, Transport } from 'mediasoup-client/types';

/** A broken path often mends itself within this; later a new one is looked for. */
const RESTART_ICE_AFTER_MS = 1_500;
/** A path that is not found again within this is given up, with the line, and everything is made anew. */
const GIVE_UP_AFTER_MS = 8_000;

/** The network path of one transport, kept until the transport closes. */
export interface Path {
  /** Looks for a better one now. Media goes on over the old one until there is, if it still leads anywhere. */
  renew(): void;
}

/**
 * Looks for a new path when the old one breaks, and gives up when there is none.
 * @param options.ask asks the server to restart ICE
 */
export const keepPath = (
  transport: Transport,
  options: { readonly ask: () => Promise<IceParameters>; readonly broken: () => void },
): Path => {
  let restart: ReturnType<typeof setTimeout> | undefined;
  let giveUp: ReturnType<typeof setTimeout> | undefined;
  const calm = (): void => {
    clearTimeout(restart);
    clearTimeout(giveUp);
    restart = giveUp = undefined;
  };
  const restartIce = async (): Promise<void> => {
    const iceParameters = await options.ask();
    if (!transport.closed) await transport.restartIce({ iceParameters });
  };
  const look = (inMs: number): void => {
    // A line that is lost meanwhile is followed by another, over which this is asked again.
    restart ??= setTimeout(() => void restartIce().catch(() => {}), inMs);
    giveUp ??= setTimeout(options.broken, GIVE_UP_AFTER_MS);
  };
  transport.on('connectionstatechange', (state) => {
    if (state === 'connected' || state === 'closed') calm();
    if (state === 'disconnected') look(RESTART_ICE_AFTER_MS);
    if (state === 'failed') look(0);
  });
  transport.observer.once('close', calm);
  return {
    renew() {
      calm();
      const { connectionState } = transport;
      if (connectionState === 'disconnected' || connectionState === 'failed') look(0);
      else if (connectionState !== 'new') void restartIce().catch(() => {});
    },
  };
};
