export { createRooms, type MediaFigures } from './rooms.ts';
export { LINE_SERVER_OPTIONS } from './signalling/line.ts';
export { createTrials } from './trial/trials.ts';
export { turnServer } from './turn.ts';
export { createWorkers, type MediaListen, type Workers } from './workers.ts';
