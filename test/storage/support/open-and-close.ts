import { openStorage } from '../../../src/storage/index.ts';
import { clock, silent } from './places.ts';

/** Opens the embedded database in the directory it is told, closes it, and has nothing else to do. */
const [, , dataDir = ''] = process.argv;
const storage = await openStorage({ dataDir, clock, log: silent });
await storage.close();
