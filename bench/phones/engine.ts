/** The scripted engine in its own process, so that its cost is not counted. Reports by IPC what it received. */
import { startScriptedEngine } from '../../sandbox/engine/scripted/index.ts';

const engine = await startScriptedEngine({ hash: false, live: { maxStreams: Number.POSITIVE_INFINITY } });
process.on('message', () => {
  const bytes = engine.live.streams.reduce((total, { audioBytes }) => total + audioBytes, 0);
  process.send?.({ bytes, streams: engine.live.streams.length });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ url: engine.url, apiKey: engine.apiKey });
