import { trySlack } from '../src/bot/trial/index.ts';
import { systemClock } from '../src/clock.ts';
import type { Config } from '../src/config.ts';
import type { Log } from '../src/core/ports.ts';
import { type Finding, findings } from '../src/doctor/finding.ts';
import { TRIAL } from '../src/doctor/sentences.ts';
import { createPublicWeb } from '../src/links/index.ts';

/** `npm run doctor -- --try CHANNEL`: tries in Slack what Parley does there. Ctrl-C stops it, and deletes all the same. */
export const trySlackIn = async (
  channel: string,
  { slack }: Config,
  { report, log }: { readonly report: (finding: Finding) => void; readonly log: Log },
): Promise<void> => {
  if (slack === null) return report(findings('Slack').failed(TRIAL.notConfigured));
  const { apiUrl } = slack;
  const web = createPublicWeb({
    allowPrivate: ({ hostname }) => apiUrl !== null && hostname === new URL(apiUrl).hostname,
  });
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    const { signal } = stopping;
    await trySlack({ config: slack, web, channel, report, signal, clock: systemClock, log });
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    await web.close();
  }
};
