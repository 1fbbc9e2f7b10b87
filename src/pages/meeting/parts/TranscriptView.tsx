import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { paragraphsOf } from '../captions.ts';
import { partyStyle } from '../colours.ts';
import { clockText, findIn } from '../format.ts';
import { usePage, useSelect } from '../page-context.ts';
import { nameOf } from '../state.ts';
import { Icon } from './Icon.tsx';

/** Everything that was said, from the start. It follows what is new, unless somebody reads further up. */
export function TranscriptView() {
  const { meeting } = usePage();
  const lines = useSelect((state) => state.captions.lines);
  const names = useSelect((state) => state.names);
  const wanted = useSelect((state) => state.captionsWanted);
  const on = useSelect((state) => state.captionsOn);
  const [sought, setSought] = useState('');
  const list = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const searching = sought.trim() !== '';
  const paragraphs = useMemo(() => {
    const needle = sought.trim().toLowerCase();
    const found = needle === '' ? lines : lines.filter(({ text }) => text.toLowerCase().includes(needle));
    return paragraphsOf(found);
  }, [lines, sought]);
  useEffect(() => {
    const element = list.current;
    if (element !== null && paragraphs.length > 0 && follows.current && !searching)
      element.scrollTop = element.scrollHeight;
  }, [paragraphs, searching]);

  if (!wanted) {
    return (
      <div class="panel-empty">
        <p>You turned captions off for yourself.</p>
        <button type="button" class="button" onClick={() => void meeting.wantCaptions(true)}>
          Show captions
        </button>
      </div>
    );
  }
  return (
    <>
      <label class="search">
        <Icon name="search" />
        <span class="for-readers">Search the transcript</span>
        <input
          type="search"
          placeholder="Search what was said"
          value={sought}
          onInput={(event) => setSought(event.currentTarget.value)}
        />
      </label>
      <section
        ref={list}
        class="transcript"
        aria-label="What was said"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        tabIndex={0}
        onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
          follows.current = scrollHeight - clientHeight - scrollTop < 40;
        }}
      >
        {paragraphs.length === 0 && (
          <p class="panel-empty">
            {searching ? 'Nobody said that.' : on ? 'Nothing was said yet.' : 'Captions are off.'}
          </p>
        )}
        {paragraphs.map(({ partyIndex, startMs, lines: said }) => (
          <article key={said[0]!.id} class="said" style={partyStyle(partyIndex)}>
            <header>
              <strong>{nameOf({ names }, partyIndex)}</strong> <time>{clockText(startMs)}</time>
            </header>
            {said.map((line) => (
              <p key={line.id}>
                {findIn(line.text, sought).map((piece, index) =>
                  // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no other name.
                  piece.found ? <mark key={index}>{piece.text}</mark> : piece.text,
                )}
              </p>
            ))}
          </article>
        ))}
      </section>
    </>
  );
}
