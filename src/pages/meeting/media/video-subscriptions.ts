import type { Channel } from '../signalling/channel.ts';
import { spatialLayerFor } from '../view/layout.ts';

/** Keeps the server informed of which videos are on the screen and how large: what is not visible is not sent. */
export interface VideoSubscriptions {
  /** `heightPx` is 0 for a video that is off the screen. */
  setVisibleHeight(consumerId: string, heightPx: number, pixelRatio: number): void;
  remove(consumerId: string): void;
  /** After all consumers closed. */
  clear(): void;
  /** Sends everything again, over a new channel. */
  resend(): void;
}

export const createVideoSubscriptions = (
  withChannel: (work: (channel: Channel) => Promise<unknown>) => Promise<void>,
): VideoSubscriptions => {
  const visibility = new Map<string, boolean>();
  const layers = new Map<string, number>();
  const sendLayer = (consumerId: string, spatialLayer: number): void =>
    void withChannel((channel) => channel.request('setLayers', { consumerId, spatialLayer }));
  const sendVisible = (consumerId: string, visible: boolean): void =>
    void withChannel((channel) =>
      channel.request(visible ? 'resumeConsumer' : 'pauseConsumer', { consumerId }),
    );
  return {
    setVisibleHeight(consumerId, heightPx, pixelRatio) {
      const visible = heightPx > 0;
      if (visible) {
        const spatialLayer = spatialLayerFor(heightPx, pixelRatio);
        if (layers.get(consumerId) !== spatialLayer) {
          layers.set(consumerId, spatialLayer);
          sendLayer(consumerId, spatialLayer);
        }
      }
      if ((visibility.get(consumerId) ?? false) === visible) return;
      visibility.set(consumerId, visible);
      sendVisible(consumerId, visible);
    },
    remove(consumerId) {
      visibility.delete(consumerId);
      layers.delete(consumerId);
    },
    clear() {
      visibility.clear();
      layers.clear();
    },
    resend() {
      for (const [consumerId, spatialLayer] of layers) sendLayer(consumerId, spatialLayer);
      for (const [consumerId, visible] of visibility) sendVisible(consumerId, visible);
    },
  };
};
