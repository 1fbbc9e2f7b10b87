import { z } from 'zod';

/** The network's ids: two letters for what it is, and 32 more. They become parts of paths, so nothing else may pass. */
export const callSid = z.string().regex(/^CA[0-9a-zA-Z]{32}$/);
export const recordingSid = z.string().regex(/^RE[0-9a-zA-Z]{32}$/);
/** Ours, as it comes back out of an address. */
export const legId = z.string().regex(/^[\w-]{1,64}$/);
