import { openStorage } from '../../../src/storage/index.ts';
import { clock, silent } from './places.ts';

/** Opens the embedded database in the given directory, closes it, and ends. */
const [, , dataDir = ''] = process.argv;
const storage = await openStorage({ dataDir, clock, log: silent });
await storage.close();
