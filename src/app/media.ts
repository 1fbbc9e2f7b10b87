import { createConnectivityProbes, createRooms, turnServer } from '../media/index.ts';
import { type MeetingDependencies, type MeetingMedia, startMeetingMedia } from '../meeting-media.ts';
import type { Starting } from './starting.ts';

/** What meetings need: workers and pages, which load in the background, rooms, and the connection test. */
export interface Media {
  readonly loading: MeetingMedia;
  readonly rooms: ReturnType<typeof createRooms>;
  readonly probes: ReturnType<typeof createConnectivityProbes>;
}

export const openMedia = (starting: Starting, dependencies: MeetingDependencies): Media => {
  const { config, secret, clock, logOf, opened } = starting;
  const log = logOf('media');
  const loading = opened(
    startMeetingMedia({
      dependencies,
      host: config.host,
      announcedAddress: config.meetings.announcedAddress,
      portBase: config.meetings.portBase,
      log,
    }),
    (part) => part.close(),
  );
  const common = {
    workers: () => loading.workers(),
    iceServers: (personId: string) => iceServers(starting, personId),
    clock,
    log,
  };
  return {
    loading,
    rooms: opened(createRooms({ ...common, secret }), async (part) => part.close()),
    probes: opened(createConnectivityProbes(common), async (part) => part.close()),
  };
};

/** Longer than any meeting: browsers get no new credentials during one. */
const TURN_VALID_FOR_MS = 24 * 3_600_000;

const iceServers = ({ config, clock }: Starting, personId: string) => {
  const { turn } = config.meetings;
  if (turn === null) return [];
  return [turnServer({ ...turn, personId, nowMs: clock.nowMs(), validForMs: TURN_VALID_FOR_MS })];
};
