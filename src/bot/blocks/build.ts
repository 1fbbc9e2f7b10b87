import type { ThreadMessage } from '../../core/thread-message.ts';
import { buildCallCard } from './call-card.ts';
import { buildCaptions } from './captions.ts';
import { buildFailure } from './failure.ts';
import { buildMeetingCard } from './meeting-card.ts';
import { buildPrivateResult } from './private-result.ts';
import { buildProgress } from './progress.ts';
import { buildRemark } from './remark.ts';
import { buildResult } from './result.ts';
import type { Built } from './rich.ts';

/** What Parley says in a thread or a channel, as Slack shows it. Pure. */
export const buildMessage = (message: ThreadMessage): Built => {
  switch (message.kind) {
    case 'progress':
      return buildProgress(message);
    case 'failure':
      return buildFailure(message);
    case 'result':
      return buildResult(message);
    case 'private-result':
      return buildPrivateResult(message);
    case 'meeting-card':
      return buildMeetingCard(message);
    case 'call-card':
      return buildCallCard(message);
    case 'captions':
      return buildCaptions(message);
    case 'remark':
      return buildRemark(message);
  }
};
