import quickchart from 'quickchart-js';
import { AppError } from '../core/error.ts';
import type { Charts, Log } from '../core/ports.ts';
import { PAPER } from './contrast.ts';
import { type PiePicture, piePicture } from './pie-config.ts';

// Under nodenext the package's types describe its CommonJS form, whose class hides behind `default`; at run
// time the import is the class.
const QuickChart = quickchart as unknown as typeof quickchart.default;

/** Far above the few kilobytes of a pie chart. */
const MAX_PNG_BYTES = 4 * 1024 * 1024;
const PNG_SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

/**
 * Charts drawn by a QuickChart server at `url` (the embedded renderer, a self-hosted one, or quickchart.io).
 * The chart is sent in the body of a POST, so that no name gets into an access log.
 *
 * quickchart-js builds the request. It is sent with `fetch`, because the package's own `toBinary` has no timeout, cannot
 * be aborted, and has the status only in the text of its error.
 *
 * @throws AppError `chart-failed`: retryable when the server was busy, failing or unreachable; final when it refused
 */
export const createCharts = ({
  url,
  timeoutMs = 20_000,
  log,
}: {
  url: string;
  /** For the whole exchange. */
  timeoutMs?: number;
  log: Log;
}): Charts => {
  const endpoint = new URL('chart', url.endsWith('/') ? url : `${url}/`);
  return {
    async pie(chart) {
      const picture = piePicture(chart);
      const started = performance.now();
      try {
        const png = await post(endpoint, requestFor(picture), timeoutMs);
        checkPng(png, picture);
        log.debug(
          { bytes: png.length, ms: Math.round(performance.now() - started) },
          'charts: chart created',
        );
        return png;
      } catch (error) {
        const failure = error instanceof AppError ? error : unreachable(error);
        log.warn(
          {
            retryable: failure.retryable,
            cause: failure.cause instanceof Error ? failure.cause.message : null,
          },
          'charts: chart not created',
        );
        throw failure;
      }
    },
  };
};

const requestFor = ({ config, width, height, pixelRatio }: PiePicture): string => {
  const request = new QuickChart()
    // As JSON text: given an object, the package writes JavaScript instead.
    .setConfig(JSON.stringify(config))
    .setVersion('4')
    .setWidth(width)
    .setHeight(height)
    .setDevicePixelRatio(pixelRatio)
    .setBackgroundColor(PAPER)
    .setFormat('png');
  return JSON.stringify(request.getPostData());
};

const post = async (endpoint: URL, body: string, timeoutMs: number): Promise<Buffer> => {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'image/png' },
    body,
    // A redirect would send names to a host that was not configured.
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (response.ok) return readPng(response);
  await response.body?.cancel();
  throw refused(response);
};

const readPng = async (response: Response): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_PNG_BYTES) throw notAChart('The response is too large for a chart.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

/** The signature, then the first chunk: length, `IHDR`, width, height. @see https://www.w3.org/TR/png-3/#11IHDR */
const checkPng = (png: Buffer, { width, height, pixelRatio }: PiePicture): void => {
  if (png.length < 33 || !png.subarray(0, 8).equals(PNG_SIGNATURE))
    throw notAChart('The response is not a PNG.');
  if (png.readUInt32BE(16) !== width * pixelRatio || png.readUInt32BE(20) !== height * pixelRatio)
    throw notAChart('The PNG has the wrong size.');
};

/** What people read, of which `AppError` completes the first with what to do. */
const NOT_NOW = 'The talk-time chart couldn’t be created right now, but the figures are complete.';
const REFUSED =
  'The chart server refused the talk-time chart, but the figures are complete. ' +
  'Your Parley admin can check QUICKCHART_URL.';

const refused = (response: Response): AppError => {
  const { status } = response;
  const retryable = status >= 500 || status === 429 || status === 408;
  return new AppError({
    code: 'chart-failed',
    retryable,
    userMessage: retryable ? NOT_NOW : REFUSED,
    retryAfterMs: retryable ? retryAfterMs(response.headers.get('retry-after')) : undefined,
    cause: new Error(`The chart server responded with ${status}.`),
  });
};

/** Seconds only, as QuickChart and proxies send them. */
const retryAfterMs = (header: string | null): number | undefined =>
  header !== null && /^\d{1,4}$/.test(header) ? Number(header) * 1000 : undefined;

/** Something on the way responded instead of the server, or the connection was lost. */
const notAChart = (reason: string): AppError =>
  new AppError({ code: 'chart-failed', retryable: true, userMessage: NOT_NOW, cause: new Error(reason) });

const unreachable = (error: unknown): AppError =>
  new AppError({ code: 'chart-failed', retryable: true, userMessage: NOT_NOW, cause: error });
