import { type About, about } from '../../web/doctor/about.ts';
import { doctorUrl } from '../../web/doctor/link.ts';

/** Whether a Parley responds at an address, and whether it is the one whose secret signed the token. */
export type ParleyProbe =
  | { readonly kind: 'ours'; readonly about: About; readonly tookMs: number }
  /** Another program, or another Parley: with this status for a link that is valid for ours. */
  | { readonly kind: 'foreign'; readonly health: number; readonly status: number }
  /** `code` is the error code of the system or of TLS. */
  | { readonly kind: 'silent'; readonly code: string };

const TIMEOUT_MS = 8_000;

/** Requests its health, which needs no secret, and then what only a Parley with the same secret tells. */
export const probeParley = async (base: string, token: string): Promise<ParleyProbe> => {
  try {
    const health = await get(`${base}/healthz`);
    const startedMs = performance.now();
    const response = await get(`${doctorUrl(base, token)}/about`);
    const parsed = about.safeParse(await response.json().catch(() => null));
    const tookMs = Math.round(performance.now() - startedMs);
    return parsed.success
      ? { kind: 'ours', about: parsed.data, tookMs }
      : { kind: 'foreign', health: health.status, status: response.status };
  } catch (error) {
    return { kind: 'silent', code: errorCodeOf(error) };
  }
};

const get = (url: string): Promise<Response> =>
  fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });

/** The innermost code is the most specific one. */
export const errorCodeOf = (error: unknown): string => {
  let code = error instanceof Error ? error.name : 'unknown';
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') code = at.code;
  }
  return code;
};
