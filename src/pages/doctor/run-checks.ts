import type { Way } from '../../media/connectivity/messages.ts';
import { openProbeChannel, type ProbeChannel } from './channel.ts';
import type { CheckName, Finding } from './findings.ts';
import { type ProbeResult, probeTransport } from './probe-transport.ts';
import { createSound } from './sound.ts';

/** Checks one after the other, and tells of each as it comes. Call it from a click: browsers allow no sound before. */
export const runChecks = async (options: {
  readonly socketUrl: string;
  readonly found: (name: CheckName, finding: Finding) => void;
}): Promise<void> => {
  const { found } = options;
  found('secure', secure());
  found('socket', { state: 'running' });
  const sound = createSound();
  let line: ProbeChannel | null = null;
  try {
    line = await openProbeChannel(options.socketUrl);
    found('socket', { state: 'ok', said: `an answer takes ${await answerMs(line)} ms` });
    const { ways } = await line.request('ways', {});
    for (const way of ['udp', 'tcp', 'relay'] as const) {
      if (ways.includes(way)) await tryOne(line, way, sound.track, found);
      else found(way, { state: 'skipped', said: 'this Parley has none' });
    }
  } catch (error) {
    const said = sentenceOf(error);
    if (line === null) found('socket', { state: 'failed', said });
    else found('socket', { state: 'failed', said: `it opened, and then ${said}` });
    for (const way of ['udp', 'tcp', 'relay'] as const) {
      found(way, { state: 'skipped', said: 'could not be tried without messages' });
    }
  } finally {
    line?.close();
    sound.close();
  }
};

const tryOne = async (
  line: ProbeChannel,
  way: Way,
  track: MediaStreamTrack,
  found: (name: CheckName, finding: Finding) => void,
): Promise<void> => {
  found(way, { state: 'running' });
  const finding = await probeTransport(line, way, track).then(
    (tried): Finding => judged(way, tried),
    (error: unknown): Finding => ({ state: 'failed', said: sentenceOf(error) }),
  );
  found(way, finding);
};

const judged = (way: Way, { path, arrivedBytes, returnedBytes }: ProbeResult): Finding => {
  const took = path.relayed ? 'relay' : path.protocol;
  const facts = [
    path.roundTripMs === null ? [] : [`round trip ${path.roundTripMs} ms`],
    [`${arrivedBytes} bytes of sound there, ${returnedBytes} back`],
    path.to === '' ? [] : [`server ${path.to}${path.relayed ? `, relay by ${path.protocol}` : ''}`],
  ].flat();
  const said = facts.join('; ');
  // Said by the browser itself, so that a way is never taken for another.
  return took === way ? { state: 'ok', said } : { state: 'failed', said: `took ${took} instead; ${said}` };
};

const secure = (): Finding => {
  if (!isSecureContext) return { state: 'failed', said: 'this page is not https' };
  if (navigator.mediaDevices === undefined) return { state: 'failed', said: 'this browser offers none' };
  if (typeof RTCPeerConnection === 'undefined')
    return { state: 'failed', said: 'this browser has no WebRTC' };
  return { state: 'ok', said: 'the page is secure, and the browser has WebRTC' };
};

/** The median of five. */
const answerMs = async (line: ProbeChannel): Promise<number> => {
  const times: number[] = [];
  for (let turn = 0; turn < 5; turn += 1) {
    const startedMs = performance.now();
    await line.request('ping', {});
    times.push(performance.now() - startedMs);
  }
  return Math.round(times.sort((a, b) => a - b)[2]!);
};

const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
