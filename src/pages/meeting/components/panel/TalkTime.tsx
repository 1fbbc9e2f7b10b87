import { TALK_TIME } from '../../sentences.ts';
import { nameOf } from '../../state/state.ts';
import { formatClock, formatDuration } from '../../view/format.ts';
import { speakerStyle } from '../../view/speaker-colours.ts';
import { useSelect } from '../page-context.ts';

/** Each speaker's share so far. Overlap counts for both. */
export function TalkTime() {
  const talkTime = useSelect((state) => state.talkTime);
  const names = useSelect((state) => state.names);
  const speakers = talkTime
    .filter(({ speakingMs }) => speakingMs > 0)
    .sort((a, b) => b.speakingMs - a.speakingMs || a.partyIndex - b.partyIndex);
  if (speakers.length === 0) return null;
  const totalMs = speakers.reduce((sum, { speakingMs }) => sum + speakingMs, 0);
  return (
    <section class="talk-time" aria-label={TALK_TIME.label}>
      <ul>
        {speakers.map(({ partyIndex, speakingMs }) => {
          const percent = Math.round((100 * speakingMs) / totalMs);
          return (
            <li key={partyIndex} style={{ ...speakerStyle(partyIndex), '--share': `${percent}%` }}>
              <span class="talk-name">{nameOf({ names }, partyIndex)}</span>
              <span
                class="talk-bar"
                role="img"
                aria-label={TALK_TIME.share(formatDuration(speakingMs), percent)}
              >
                <span />
              </span>
              <span class="talk-figure" aria-hidden="true">
                {formatClock(speakingMs)} · {percent}%
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
