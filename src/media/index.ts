export { createConnectivityProbes } from './connectivity/probes.ts';
export { CHANNEL_SERVER_OPTIONS } from './request-channel.ts';
export { createRooms, type RoomStats } from './rooms.ts';
export { turnServer } from './turn.ts';
export { createWorkers, type MediaListen, type Workers } from './workers.ts';
