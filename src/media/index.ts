export type { Speaker } from './signalling/ears.ts';
export { LINE_SERVER_OPTIONS } from './signalling/line.ts';
export { Meeting, type MeetingOptions, type MeetingParts } from './signalling/meeting.ts';
export type { Identity } from './signalling/place.ts';
export { serveSession } from './signalling/session.ts';
export type { TapListener, TappedPacket } from './tap.ts';
export { createWorkers, type MediaListen, type Workers } from './workers.ts';
