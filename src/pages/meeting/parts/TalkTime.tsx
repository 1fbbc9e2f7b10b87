import { partyStyle } from '../colours.ts';
import { clockText, spokenDuration } from '../format.ts';
import { useSelect } from '../page-context.ts';
import { nameOf } from '../state.ts';

/** Who spoke how long so far. When two speak at once, it counts for both. */
export function TalkTime() {
  const talkTime = useSelect((state) => state.talkTime);
  const names = useSelect((state) => state.names);
  const spoke = [...talkTime]
    .filter(({ speakingMs }) => speakingMs > 0)
    .sort((a, b) => b.speakingMs - a.speakingMs || a.partyIndex - b.partyIndex);
  if (spoke.length === 0) return null;
  const sum = spoke.reduce((total, { speakingMs }) => total + speakingMs, 0);
  return (
    <section class="talk-time" aria-label="Talk time">
      <ul>
        {spoke.map(({ partyIndex, speakingMs }) => {
          const share = Math.round((100 * speakingMs) / sum);
          const name = nameOf({ names }, partyIndex);
          return (
            <li key={partyIndex} style={{ ...partyStyle(partyIndex), '--share': `${share}%` }}>
              <span class="talk-name">{name}</span>
              <span
                class="talk-bar"
                role="img"
                aria-label={`${spokenDuration(speakingMs)}, ${share} percent`}
              >
                <span />
              </span>
              <span class="talk-figure" aria-hidden="true">
                {clockText(speakingMs)} · {share}%
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
