import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { tooLarge } from './errors.ts';

/** Deepgram's limit. */
const mostBodyBytes = 2 * 1024 ** 3;

/** A request body on disk: containers with their index at the end need random access. */
export interface SpooledBody {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** Runs `work` with the body in a temporary file, which is deleted afterwards in any case. */
export const withBody = async <T>(
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
  work: (spooled: SpooledBody) => Promise<T>,
): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), `parley-engine-${process.pid}-`));
  try {
    const path = join(folder, 'body');
    const hash = createHash('sha256');
    let sizeBytes = 0;
    const count = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        sizeBytes += chunk.length;
        hash.update(chunk);
        done(sizeBytes > mostBodyBytes ? tooLarge() : null, chunk);
      },
    });
    await pipeline(body, count, createWriteStream(path), { signal });
    return await work({ path, sizeBytes, sha256: hash.digest('hex') });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
