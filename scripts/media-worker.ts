/** `node scripts/media-worker.ts`: obtains mediasoup’s worker and prints its path, for building an image. */
import { obtainWorker } from './mediasoup-worker/obtain.ts';

const obtained = await obtainWorker({ say: (line) => console.error(`Parley: ${line}`) });
if ('missing' in obtained) {
  console.error(obtained.missing);
  process.exitCode = 1;
} else {
  console.log(obtained.bin);
}
