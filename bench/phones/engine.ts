/** The scripted engine in a process of its own, so that what it costs is not counted. Asked by IPC what came. */
import { startScriptedEngine } from '../../sandbox/engine/scripted/index.ts';

const engine = await startScriptedEngine({ hash: false });
process.on('message', () => {
  const bytes = engine.live.streams.reduce((total, { audioBytes }) => total + audioBytes, 0);
  process.send?.({ bytes, streams: engine.live.streams.length });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ url: engine.url, apiKey: engine.apiKey });
