export type { Speaker } from './signalling/ears.ts';
export { LINE_SERVER_OPTIONS } from './signalling/line.ts';
export { Meeting } from './signalling/meeting.ts';
export type { MeetingOptions, MeetingParts } from './signalling/meeting-options.ts';
export type { Identity } from './signalling/place.ts';
export { serveSession } from './signalling/session.ts';
export type { TapListener, TappedPacket } from './tap.ts';
export { turnServer } from './turn.ts';
export { createWorkers, type MediaListen, type Workers } from './workers.ts';
