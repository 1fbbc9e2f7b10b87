import type { PrivateResultMessage } from '../../core/thread-message.ts';
import { buildSpeakers, buildSummary } from './figures.ts';
import { type Built, bold, emoji, line, words } from './rich.ts';
import { clean, escapeMrkdwn } from './text.ts';
import { undeliveredReason } from './why-not-posted.ts';

const TITLE_MAX = 150;

/** Who spoke how much, for the one person who gets to read it; what was said is in the file that follows. */
export const buildPrivateResult = (message: PrivateResultMessage): Built => {
  const { title, channelId, because, transcript, talkTime } = message;
  const name = clean(title, TITLE_MAX) || 'Recording';
  const summary = buildSummary(talkTime);
  const speakers = buildSpeakers(talkTime, transcript.parties);
  const before = 'Parley could not post the result in ';
  const after =
    `, because ${undeliveredReason(because)}. So it comes to you, who asked for it, and to nobody else: ` +
    'the figures here, and the whole transcript in the file below.';
  const figures = escapeMrkdwn([...summary.lines, ...speakers.lines].join('\n'));
  return {
    text: `${escapeMrkdwn(name)}: ${before}<#${channelId}>${after}\n${figures}`,
    blocks: [
      line(
        emoji('incoming_envelope'),
        bold(` ${name}`),
        words(`\n${before}`),
        { type: 'channel', channel_id: channelId },
        words(after),
      ),
      ...summary.blocks,
      ...speakers.blocks,
    ],
  };
};
