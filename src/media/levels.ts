import type { Producer, Router } from 'mediasoup/types';

export interface LevelListener {
  /** Who is heard right now, loudest first, in decibels relative to full scale (-127 to 0). Empty: nobody. */
  readonly levels: (levels: readonly { readonly producerId: string; readonly dbov: number }[]) => void;
  readonly activeSpeaker: (producerId: string) => void;
}

export interface Levels {
  /** The producer must be in the router, or piped to it. */
  add(producerId: string): Promise<void>;
}

/** Four times a second: rings that follow a voice, and no faster than anybody sees. */
const LEVELS_EVERY_MS = 250;
/** As many rings as a page shows at once. */
const MOST_LEVELS = 12;
/** Quieter than this is a room without anybody speaking in it. */
const THRESHOLD_DBOV = -60;
/** Slow enough that a cough does not turn the page around. */
const SPEAKER_EVERY_MS = 300;

/**
 * Watches who speaks, for what a page shows. It answers some 200 to 400 ms late and is no measure of speech: what
 * is transcribed is decided on the audio itself.
 */
export const observeLevels = async (router: Router, on: LevelListener): Promise<Levels> => {
  const volumes = await router.createAudioLevelObserver({
    interval: LEVELS_EVERY_MS,
    maxEntries: MOST_LEVELS,
    threshold: THRESHOLD_DBOV,
  });
  const speaker = await router.createActiveSpeakerObserver({ interval: SPEAKER_EVERY_MS });
  const idOf = ({ producer }: { producer: Producer }): string => producer.id;
  volumes.on('volumes', (heard) =>
    on.levels(heard.map((entry) => ({ producerId: idOf(entry), dbov: entry.volume }))),
  );
  volumes.on('silence', () => on.levels([]));
  speaker.on('dominantspeaker', (entry) => on.activeSpeaker(idOf(entry)));
  return {
    async add(producerId) {
      await Promise.all([volumes.addProducer({ producerId }), speaker.addProducer({ producerId })]);
    },
  };
};
