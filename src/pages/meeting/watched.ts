import type { Channel } from './channel.ts';
import { layerFor } from './layout.ts';

/** Tells the server which pictures are on the screen, and how large: what nobody sees is not sent. */
export interface Watched {
  /** `heightPx` is 0 for a picture that is off the screen. */
  watch(consumerId: string, heightPx: number, pixelRatio: number): void;
  forget(consumerId: string): void;
  /** All streams are gone. */
  reset(): void;
  /** Tells it all once more, on another line. */
  again(): void;
}

export const createWatched = ({
  ask,
}: {
  readonly ask: (work: (line: Channel) => Promise<unknown>) => Promise<void>;
}): Watched => {
  const flowing = new Map<string, boolean>();
  const layers = new Map<string, number>();
  const tellLayer = (consumerId: string, spatialLayer: number): void =>
    void ask((line) => line.request('setLayers', { consumerId, spatialLayer }));
  const tellFlowing = (consumerId: string, visible: boolean): void =>
    void ask((line) => line.request(visible ? 'resumeConsumer' : 'pauseConsumer', { consumerId }));
  return {
    watch(consumerId, heightPx, pixelRatio) {
      const visible = heightPx > 0;
      if (visible) {
        const spatialLayer = layerFor(heightPx, pixelRatio);
        if (layers.get(consumerId) !== spatialLayer) {
          layers.set(consumerId, spatialLayer);
          tellLayer(consumerId, spatialLayer);
        }
      }
      if ((flowing.get(consumerId) ?? false) === visible) return;
      flowing.set(consumerId, visible);
      tellFlowing(consumerId, visible);
    },
    forget(consumerId) {
      flowing.delete(consumerId);
      layers.delete(consumerId);
    },
    reset() {
      flowing.clear();
      layers.clear();
    },
    again() {
      for (const [consumerId, spatialLayer] of layers) tellLayer(consumerId, spatialLayer);
      for (const [consumerId, visible] of flowing) tellFlowing(consumerId, visible);
    },
  };
};
