import type { ThreadMessage } from '../../core/thread-message.ts';
import { buildFailure } from './failure.ts';
import { buildProgress } from './progress.ts';
import { buildResult } from './result.ts';
import type { Built } from './rich.ts';

/** What Parley says in a thread, as Slack shows it. Pure. */
export const buildMessage = (message: ThreadMessage): Built => {
  switch (message.kind) {
    case 'progress':
      return buildProgress(message);
    case 'failure':
      return buildFailure(message);
    case 'result':
      return buildResult(message);
  }
};
