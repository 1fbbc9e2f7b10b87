import type { Flows } from '../flows/index.ts';
import { CHANNEL_SERVER_OPTIONS } from '../media/index.ts';
import type { Metrics } from '../metrics.ts';
import type { Telephony } from '../telephony/index.ts';
import { signDoctorLink } from '../web/doctor/link.ts';
import { createDoctorRoutes } from '../web/doctor/routes.ts';
import { createDoctorSockets } from '../web/doctor/sockets.ts';
import { createHealth } from '../web/health.ts';
import { createMeetingRoutes } from '../web/meetings/routes.ts';
import { createMeetingSockets } from '../web/meetings/sockets.ts';
import { createSampleRoutes } from '../web/recordings/sample-routes.ts';
import { type HttpServer, startHttp } from '../web/server.ts';
import type { Sockets } from '../web/sockets.ts';
import type { Adapters } from './adapters.ts';
import type { Media } from './media.ts';
import type { Starting } from './starting.ts';

/** What the HTTP server leads to. */
export interface WebParts {
  readonly adapters: Adapters;
  readonly media: Media;
  readonly telephony: Telephony | null;
  readonly flows: Flows;
  readonly metrics: Metrics;
}

/** Listens when it resolves. */
export const openWeb = async (starting: Starting, parts: WebParts): Promise<HttpServer> => {
  const { config, logOf, opened } = starting;
  const { adapters, telephony, flows, metrics } = parts;
  return opened(
    await startHttp({
      host: config.host,
      port: config.port,
      slack: adapters.bot.requestListener,
      ...routes(starting, parts),
      telephony: telephony?.routes(flows.phoneEvents) ?? null,
      sockets: sockets(starting, parts),
      metrics,
      health: createHealth(
        {
          chat: () => adapters.bot.connected(),
          database: () => adapters.storage.store.check(),
          jobs: () => adapters.storage.queue.isWorking(),
        },
        starting.clock,
      ),
      log: logOf('web'),
    }),
    (part) => part.close(),
  );
};

const routes = (
  { secret, clock, logOf, nodeUrl }: Starting,
  { adapters: { storage, bot, links }, media, flows }: WebParts,
) => {
  const common = { secret, clock, log: logOf('web') };
  const pageDir = () => media.loading.pageDir();
  return {
    samples: createSampleRoutes({ ...common, store: storage.store, chat: bot.chat, links }),
    meetings: createMeetingRoutes({
      ...common,
      meetings: flows.access,
      pageDir,
      url: nodeUrl,
      connectionTest: () => signDoctorLink(secret, clock.nowMs()),
    }),
    doctor: createDoctorRoutes({
      ...common,
      pageDir,
      meetingsMissing: () => media.rooms.unavailableReason(),
    }),
  };
};

const sockets = (
  { secret, clock, logOf, nodeUrl }: Starting,
  { media, telephony, flows }: WebParts,
): Sockets[] => {
  const common = { server: CHANNEL_SERVER_OPTIONS, secret, clock, log: logOf('web') };
  return [
    ...(telephony === null ? [] : [telephony.sockets(flows.phoneEvents)]),
    createMeetingSockets({
      ...common,
      meetings: flows.access,
      serve: (id, ws, visitor) => media.rooms.serve(id, ws, visitor),
      url: nodeUrl,
    }),
    createDoctorSockets({ ...common, serve: (ws, visitor) => media.probes.serve(ws, visitor) }),
  ];
};
