export { createConnectivityProbes as createTrials } from './connectivity/probes.ts';
export { createRooms, type MediaFigures } from './rooms.ts';
export { CHANNEL_SERVER_OPTIONS as LINE_SERVER_OPTIONS } from './signalling/channel.ts';
export { turnServer } from './turn.ts';
export { createWorkers, type MediaListen, type Workers } from './workers.ts';
