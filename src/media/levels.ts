import type { Producer, Router } from 'mediasoup/types';
import type { Log } from '../core/ports.ts';
import type { RoomRouter, Routers } from './routers.ts';
import type { SentStream } from './streams.ts';

export interface LevelListener {
  /** Who speaks right now, loudest first, in decibels relative to full scale (-127 to 0); empty when no one does. */
  readonly levels: (levels: readonly { readonly peerId: string; readonly dbov: number }[]) => void;
  readonly activeSpeaker: (peerId: string) => void;
}

/** Observes who speaks, for what a page shows. */
export interface LevelObserver {
  /** Adds a microphone. Errors are logged: without levels a meeting still works. */
  observe(microphone: SentStream): Promise<void>;
}

/** Four times a second: rings that follow a voice, and no faster than anyone sees. */
const LEVELS_EVERY_MS = 250;
/** As many rings as a page shows at once. */
const MAX_LEVELS = 12;
/** Quieter than this is background noise. */
const THRESHOLD_DBOV = -60;
/** Slow enough that a cough does not switch the page. */
const SPEAKER_EVERY_MS = 300;

/**
 * Observes microphones in the room's main router, and in the next one after its worker died. Levels arrive some 200 to
 * 400 ms late and are no measure of speech: what is transcribed is decided on the audio itself.
 */
export const createLevelObserver = (options: {
  readonly routers: Routers;
  /** Every stream of the room, by producer id. */
  readonly streams: ReadonlyMap<string, SentStream>;
  readonly on: LevelListener;
  readonly log: Log;
}): LevelObserver => {
  const { routers, streams, on, log } = options;
  let current: { readonly roomRouter: RoomRouter; readonly observers: Promise<Observers> } | null = null;
  const peerIdOf = (producerId: string): string | undefined => streams.get(producerId)?.sender.id;

  const openIn = (roomRouter: RoomRouter): Promise<Observers> =>
    openObservers(roomRouter.router, {
      levels: (levels) =>
        on.levels(
          levels.flatMap(({ producerId, dbov }) => {
            const peerId = peerIdOf(producerId);
            return peerId === undefined ? [] : [{ peerId, dbov }];
          }),
        ),
      activeSpeaker: (producerId) => {
        const peerId = peerIdOf(producerId);
        if (peerId !== undefined) on.activeSpeaker(peerId);
      },
    });

  return {
    async observe(microphone) {
      const roomRouter = routers.main();
      if (roomRouter === null) return;
      let added: readonly SentStream[] = [microphone];
      if (current?.roomRouter !== roomRouter) {
        current = { roomRouter, observers: openIn(roomRouter) };
        added = [...streams.values()].filter(({ source }) => source === 'microphone');
      }
      const { observers } = current;
      for (const { producer, sender } of added) {
        try {
          await routers.pipe(producer, sender.roomRouter, roomRouter);
          await (await observers).add(producer.id);
        } catch (error) {
          if (producer.closed || roomRouter.router.closed) continue;
          log.warn({ err: error }, 'audio levels of a microphone are not observed');
        }
      }
    },
  };
};

interface Observers {
  /** The producer must be in the router, or piped to it. */
  add(producerId: string): Promise<void>;
}

const openObservers = async (
  router: Router,
  on: {
    readonly levels: (levels: readonly { readonly producerId: string; readonly dbov: number }[]) => void;
    readonly activeSpeaker: (producerId: string) => void;
  },
): Promise<Observers> => {
  const volumes = await router.createAudioLevelObserver({
    interval: LEVELS_EVERY_MS,
    maxEntries: MAX_LEVELS,
    threshold: THRESHOLD_DBOV,
  });
  const speaker = await router.createActiveSpeakerObserver({ interval: SPEAKER_EVERY_MS });
  const idOf = ({ producer }: { producer: Producer }): string => producer.id;
  volumes.on('volumes', (entries) =>
    on.levels(entries.map((entry) => ({ producerId: idOf(entry), dbov: entry.volume }))),
  );
  volumes.on('silence', () => on.levels([]));
  speaker.on('dominantspeaker', (entry) => on.activeSpeaker(idOf(entry)));
  return {
    async add(producerId) {
      await Promise.all([volumes.addProducer({ producerId }), speaker.addProducer({ producerId })]);
    },
  };
};
