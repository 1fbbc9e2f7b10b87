import type { ProgressMessage, ProgressStage } from '../../core/thread-message.ts';
import { PROGRESS } from '../sentences/results.ts';
import { type Built, bold, emoji, line, words } from './rich.ts';
import { clean, escapeMrkdwn } from './text.ts';

const BAR_CELLS = 12;
const TITLE_MAX = 150;
const SENTENCE_MAX = 600;

/** One line in the thread: what Parley is doing with a recording, and how far it is. */
export const buildProgress = ({ title, stage }: ProgressMessage): Built => {
  const { icon, status } = describeStage(stage);
  const name = clean(title, TITLE_MAX);
  return {
    text: escapeMrkdwn(`${name}: ${status}`),
    blocks: [line(emoji(icon), bold(` ${name}`), words(`  ${status}`))],
  };
};

const describeStage = (stage: ProgressStage): { icon: string; status: string } => {
  switch (stage.name) {
    case 'waiting':
      return { icon: 'hourglass_flowing_sand', status: PROGRESS.waiting };
    case 'sending':
      return { icon: 'headphones', status: describeDownload(stage.fraction) };
    case 'transcribing':
      return { icon: 'headphones', status: PROGRESS.transcribing(stage.elapsedMs) };
    case 'drawing':
      return { icon: 'bar_chart', status: PROGRESS.drawing };
    case 'waiting-to-retry':
      return { icon: 'hourglass_flowing_sand', status: clean(stage.sentence, SENTENCE_MAX) };
  }
};

const describeDownload = (fraction: number | null): string => {
  if (fraction === null) return PROGRESS.downloading('', null);
  const part = Math.min(1, Math.max(0, fraction));
  const full = Math.round(part * BAR_CELLS);
  return PROGRESS.downloading('▰'.repeat(full) + '▱'.repeat(BAR_CELLS - full), part);
};
