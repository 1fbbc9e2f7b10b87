import type { JobHandlers, Requests } from '../core/ports.ts';
import { announceHandler } from './announce.ts';
import { shareExportHandler } from './exports.ts';
import type { FlowParts } from './parts.ts';
import { publishHandler } from './publish.ts';
import { createRequests } from './requests.ts';
import { transcribeHandler } from './transcribe.ts';

export type { FlowParts } from './parts.ts';

/** The ways through the house: what people ask, and the durable jobs that follow from it. */
export const createFlows = (parts: FlowParts): { requests: Requests; handlers: JobHandlers } => ({
  requests: createRequests(parts),
  handlers: {
    announce: announceHandler(parts),
    transcribe: transcribeHandler(parts),
    publish: publishHandler(parts),
    'share-export': shareExportHandler(parts),
  },
});
