import type { Way } from '../../media/connectivity/messages.ts';
import { ChannelLost } from '../shared/request-channel.ts';
import type { CheckName, Finding } from './findings.ts';
import { openProbeChannel, type ProbeChannel } from './probe-channel.ts';
import { type ProbeResult, probeTransport } from './probe-transport.ts';
import { DETAILS } from './sentences.ts';
import { createTestTone } from './test-tone.ts';

type ReportFinding = (name: CheckName, finding: Finding) => void;

const ROUTES: readonly Way[] = ['udp', 'tcp', 'relay'];
const PINGS = 5;

/** Runs one check after the other. Call it from a click: browsers start no audio before one. */
export const runChecks = async (options: {
  readonly socketUrl: string;
  readonly report: ReportFinding;
}): Promise<void> => {
  const { report } = options;
  report('secure', checkBrowser());
  report('socket', { state: 'running' });
  const tone = createTestTone();
  let channel: ProbeChannel | null = null;
  try {
    channel = await openProbeChannel(options.socketUrl);
    report('socket', { state: 'ok', detail: DETAILS.responseTime(await measureResponseMs(channel)) });
    const { ways } = await channel.request('ways');
    for (const route of ROUTES) {
      if (ways.includes(route)) await checkRoute(channel, route, tone.track, report);
      else report(route, { state: 'skipped', detail: DETAILS.notOffered });
    }
  } catch (error) {
    const detail = detailOf(error);
    report('socket', {
      state: 'failed',
      detail: channel === null ? detail : DETAILS.lostAfterOpening(detail),
    });
    for (const route of ROUTES) report(route, { state: 'skipped', detail: DETAILS.needsSocket });
  } finally {
    channel?.close();
    tone.close();
  }
};

const checkRoute = async (
  channel: ProbeChannel,
  route: Way,
  track: MediaStreamTrack,
  report: ReportFinding,
): Promise<void> => {
  report(route, { state: 'running' });
  const finding = await probeTransport(channel, route, track).then(
    (result): Finding => judge(route, result),
    (error: unknown): Finding => ({ state: 'failed', detail: detailOf(error) }),
  );
  report(route, finding);
};

/** The browser's statistics say which route was really used. */
const judge = (route: Way, { path, serverBytes, returnedBytes }: ProbeResult): Finding => {
  const used = path.relayed ? 'relay' : path.protocol;
  const facts = [
    path.roundTripMs === null ? null : DETAILS.roundTrip(path.roundTripMs),
    DETAILS.bytes(serverBytes, returnedBytes),
    path.serverAddress === ''
      ? null
      : DETAILS.server(path.serverAddress, path.relayed ? path.protocol : null),
  ]
    .filter((fact) => fact !== null)
    .join('; ');
  return used === route
    ? { state: 'ok', detail: facts }
    : { state: 'failed', detail: DETAILS.otherRoute(used, facts) };
};

const checkBrowser = (): Finding => {
  if (!isSecureContext) return { state: 'failed', detail: DETAILS.insecurePage };
  if (navigator.mediaDevices === undefined) return { state: 'failed', detail: DETAILS.noMediaDevices };
  if (typeof RTCPeerConnection === 'undefined') return { state: 'failed', detail: DETAILS.noWebRtc };
  return { state: 'ok', detail: DETAILS.secure };
};

/** The median. */
const measureResponseMs = async (channel: ProbeChannel): Promise<number> => {
  const times: number[] = [];
  for (let ping = 0; ping < PINGS; ping += 1) {
    const startedMs = performance.now();
    await channel.request('ping');
    times.push(performance.now() - startedMs);
  }
  return Math.round(times.sort((a, b) => a - b)[Math.floor(PINGS / 2)]!);
};

const detailOf = (error: unknown): string => {
  if (error instanceof ChannelLost) {
    return error.code === null ? DETAILS.noResponse : DETAILS.closed(error.code, error.reason);
  }
  return error instanceof Error ? error.message : String(error);
};
