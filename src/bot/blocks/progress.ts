import { formatDuration } from '../../core/talk-time/format.ts';
import type { ProgressMessage, ProgressStage } from '../../core/thread-message.ts';
import { type Built, bold, emoji, line, words } from './rich.ts';
import { clean, escapeMrkdwn } from './text.ts';

const BAR_CELLS = 12;
const TITLE_MAX = 150;
const SENTENCE_MAX = 600;

/** One line in the thread that says what Parley is doing with a recording, and how far it is. */
export const buildProgress = ({ title, stage }: ProgressMessage): Built => {
  const { icon, doing } = describeStage(stage);
  const name = clean(title, TITLE_MAX);
  return {
    text: escapeMrkdwn(`${name}: ${doing}`),
    blocks: [line(emoji(icon), bold(` ${name}`), words(`  ${doing}`))],
  };
};

const describeStage = (stage: ProgressStage): { icon: string; doing: string } => {
  switch (stage.name) {
    case 'waiting':
      return { icon: 'hourglass_flowing_sand', doing: 'waits for its turn…' };
    case 'sending':
      return { icon: 'headphones', doing: sending(stage.fraction) };
    case 'transcribing':
      return {
        icon: 'headphones',
        // The first seconds would only flicker, and a person needs the clock when it takes long.
        doing: stage.elapsedMs < 1000 ? 'listening…' : `listening… ${formatDuration(stage.elapsedMs)}`,
      };
    case 'drawing':
      return { icon: 'bar_chart', doing: 'drawing who spoke how much…' };
    case 'waiting-to-retry':
      return { icon: 'hourglass_flowing_sand', doing: clean(stage.sentence, SENTENCE_MAX) };
  }
};

const sending = (fraction: number | null): string => {
  if (fraction === null) return 'being read…';
  const part = Math.min(1, Math.max(0, fraction));
  const full = Math.round(part * BAR_CELLS);
  return `being read  ${'▰'.repeat(full)}${'▱'.repeat(BAR_CELLS - full)}  ${Math.round(part * 100)} %`;
};
