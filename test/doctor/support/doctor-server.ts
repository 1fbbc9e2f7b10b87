import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { systemClock } from '../../../src/clock.ts';
import { CHANNEL_SERVER_OPTIONS, createConnectivityProbes, type Workers } from '../../../src/media/index.ts';
import type { IceServer } from '../../../src/media/signalling/messages.ts';
import { buildMeetingPage } from '../../../src/pages/build.ts';
import { doctorUrl, signDoctorLink } from '../../../src/web/doctor/link.ts';
import { createDoctorRoutes } from '../../../src/web/doctor/routes.ts';
import { createDoctorSockets } from '../../../src/web/doctor/sockets.ts';
import { silentLog } from '../../media/support.ts';

/** Everything of the doctor's that runs inside Parley, with real workers behind the built page. */
export const startDoctorServer = async (options: {
  readonly workers: () => Workers | { readonly missing: string };
  readonly iceServers?: (visitor: string) => readonly IceServer[];
  /** Without it only the page is missing, whose build takes seconds. */
  readonly withPage?: boolean;
}) => {
  const secret = new TextEncoder().encode('the secret of this test, which is long enough');
  const { workers, iceServers = () => [] } = options;
  const pageDir = options.withPage === false ? null : await buildMeetingPage({ log: silentLog });
  const probes = createConnectivityProbes({ workers, iceServers, clock: systemClock, log: silentLog });
  const app = express();
  const common = { secret, clock: systemClock, log: silentLog };
  const meetingsMissing = (): string | null => {
    const found = workers();
    return 'missing' in found ? found.missing : null;
  };
  app.use(createDoctorRoutes({ ...common, pageDir: () => pageDir, meetingsMissing }));
  if (pageDir !== null) app.use('/meeting-page', express.static(pageDir));
  const server = createServer(app);
  const sockets = createDoctorSockets({
    ...common,
    serve: (ws, visitor) => probes.serve(ws, visitor),
    server: CHANNEL_SERVER_OPTIONS,
  });
  server.on('upgrade', (request, socket, head) => {
    if (!sockets.upgrade(request, socket, head)) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    base,
    secret,
    /** A new link, as the command prints it. */
    link: async (nowMs = Date.now()): Promise<string> => doctorUrl(base, await signDoctorLink(secret, nowMs)),
    async close(): Promise<void> {
      probes.close();
      sockets.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};
