import type { IceParameters, Transport } from 'mediasoup-client/types';

/** A disconnected transport often recovers by itself within this; later ICE is restarted. */
const RESTART_AFTER_MS = 1_500;
/** A transport that is not connected again within this is given up, with the channel. */
const GIVE_UP_AFTER_MS = 8_000;

export interface IceRestarter {
  /** Restarts ICE now. Media goes on over the old path, if it still works, until there is a new one. */
  restart(): void;
}

/**
 * Restarts ICE when a transport's path breaks, until the transport closes.
 * @param options.requestRestart asks the server for new ICE parameters
 * @param options.failed is called when no path is found in time
 */
export const createIceRestarter = (
  transport: Transport,
  options: { readonly requestRestart: () => Promise<IceParameters>; readonly failed: () => void },
): IceRestarter => {
  let restartTimer: ReturnType<typeof setTimeout> | undefined;
  let giveUpTimer: ReturnType<typeof setTimeout> | undefined;
  const cancel = (): void => {
    clearTimeout(restartTimer);
    clearTimeout(giveUpTimer);
    restartTimer = giveUpTimer = undefined;
  };
  const restartIce = async (): Promise<void> => {
    const iceParameters = await options.requestRestart();
    if (!transport.closed) await transport.restartIce({ iceParameters });
  };
  const schedule = (delayMs: number): void => {
    // When the channel is lost meanwhile, the next one restarts ICE again.
    restartTimer ??= setTimeout(() => void restartIce().catch(() => {}), delayMs);
    giveUpTimer ??= setTimeout(options.failed, GIVE_UP_AFTER_MS);
  };
  transport.on('connectionstatechange', (state) => {
    if (state === 'connected' || state === 'closed') cancel();
    if (state === 'disconnected') schedule(RESTART_AFTER_MS);
    if (state === 'failed') schedule(0);
  });
  transport.observer.once('close', cancel);
  return {
    restart() {
      cancel();
      const { connectionState } = transport;
      if (connectionState === 'disconnected' || connectionState === 'failed') schedule(0);
      else if (connectionState !== 'new') void restartIce().catch(() => {});
    },
  };
};
