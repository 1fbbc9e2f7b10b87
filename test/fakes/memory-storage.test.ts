import { callsContract } from '../storage/contract/calls.ts';
import { meetingsContract } from '../storage/contract/meetings.ts';
import { queueContract } from '../storage/contract/queue.ts';
import { storeContract } from '../storage/contract/store.ts';
import { createMemoryPlaces } from '../storage/support/memory-places.ts';

storeContract('memory', createMemoryPlaces);
meetingsContract('memory', createMemoryPlaces);
callsContract('memory', createMemoryPlaces);
queueContract('memory', createMemoryPlaces);
