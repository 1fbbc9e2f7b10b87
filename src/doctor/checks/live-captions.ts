import { toAppError } from '../../core/error.ts';
import { type Finding, findings } from '../finding.ts';
import { LIVE } from '../sentences.ts';

/** How many of the live connections that were tried at once the speech engine admitted, and why not all. */
export interface LiveAdmission {
  readonly tried: number;
  readonly admitted: number;
  readonly refusal: { readonly status: number | null; readonly reason: string } | null;
}

const TOO_MANY = 429;

/** Whether captions of several speakers at once are possible. */
export const checkLiveCaptions = async (attempt: () => Promise<LiveAdmission>): Promise<Finding> => {
  const result = findings('Live captions');
  try {
    const { tried, admitted, refusal } = await attempt();
    if (refusal === null) return result.ok(LIVE.admitted(tried));
    if (refusal.status === TOO_MANY) return result.warning(LIVE.limited(tried, admitted));
    return result.failed(LIVE.refused(refusal.status, refusal.reason));
  } catch (error) {
    return result.failed(LIVE.refused(null, toAppError(error).userMessage));
  }
};
