import { type About, about } from '../../web/doctor/about.ts';
import { doctorUrl } from '../../web/doctor/link.ts';

/** Whether a Parley answers at an address, and whether it is the one whose secret signed the token. */
export type Answer =
  | { readonly is: 'ours'; readonly about: About; readonly tookMs: number }
  /** Something answers that is no Parley, or another one: with this status to a link that should be good. */
  | { readonly is: 'foreign'; readonly health: number; readonly status: number }
  /** Nothing answers; `code` is the system's or TLS's own word for why. */
  | { readonly is: 'silent'; readonly code: string };

const ANSWER_WITHIN_MS = 8_000;

/** Asks for health first, which needs no secret, and then for what only a Parley with the same secret tells. */
export const askParley = async (base: string, token: string): Promise<Answer> => {
  try {
    const health = await get(`${base}/healthz`);
    const startedMs = performance.now();
    const response = await get(`${doctorUrl(base, token)}/about`);
    const told = about.safeParse(await response.json().catch(() => null));
    const tookMs = Math.round(performance.now() - startedMs);
    return told.success
      ? { is: 'ours', about: told.data, tookMs }
      : { is: 'foreign', health: health.status, status: response.status };
  } catch (error) {
    return { is: 'silent', code: codeOf(error) };
  }
};

const get = (url: string): Promise<Response> =>
  fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });

/** The innermost code is the one that says what happened. */
export const codeOf = (error: unknown): string => {
  let code = error instanceof Error ? error.name : 'unknown';
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') code = at.code;
  }
  return code;
};
