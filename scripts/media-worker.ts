/** `node scripts/media-worker.ts`: gets mediasoup's worker and prints where it is, for building an image with it. */
import { obtainWorker } from './mediasoup-worker/obtain.ts';

const obtained = await obtainWorker({ say: (line) => console.error(`Parley: ${line}`) });
if ('missing' in obtained) {
  console.error(obtained.missing);
  process.exitCode = 1;
} else {
  console.log(obtained.bin);
}
