import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { TRANSCRIPT } from '../../sentences.ts';
import { groupIntoParagraphs, type Paragraph } from '../../state/captions.ts';
import { nameOf } from '../../state/state.ts';
import { formatClock, splitByMatch } from '../../view/format.ts';
import { speakerStyle } from '../../view/speaker-colours.ts';
import { Icon } from '../controls/Icon.tsx';
import { usePage, useSelect } from '../page-context.ts';

export function TranscriptView() {
  const isWanted = useSelect((state) => state.captionsWanted);
  return isWanted ? <SearchableTranscript /> : <HiddenTranscript />;
}

function HiddenTranscript() {
  const { meeting } = usePage();
  return (
    <div class="panel-empty">
      <p>{TRANSCRIPT.captionsHidden}</p>
      <button type="button" class="button" onClick={() => void meeting.showCaptions(true)}>
        {TRANSCRIPT.showCaptions}
      </button>
    </div>
  );
}

/** Within so many pixels of the end, the view follows new lines. */
const FOLLOW_PX = 40;

/** All lines from the start. It follows new ones, unless the person has scrolled up. */
function SearchableTranscript() {
  const lines = useSelect((state) => state.captions.lines);
  const [query, setQuery] = useState('');
  const needle = query.trim().toLowerCase();
  const isSearching = needle !== '';
  const paragraphs = useMemo(
    () =>
      groupIntoParagraphs(
        isSearching ? lines.filter(({ text }) => text.toLowerCase().includes(needle)) : lines,
      ),
    [lines, needle, isSearching],
  );
  const list = useRef<HTMLDivElement>(null);
  const isFollowing = useRef(true);
  useEffect(() => {
    const element = list.current;
    if (element !== null && paragraphs.length > 0 && isFollowing.current && !isSearching)
      element.scrollTop = element.scrollHeight;
  }, [paragraphs, isSearching]);
  return (
    <>
      <label class="search">
        <Icon name="search" />
        <span class="visually-hidden">{TRANSCRIPT.search}</span>
        <input
          type="search"
          placeholder={TRANSCRIPT.searchPlaceholder}
          value={query}
          onInput={(event) => setQuery(event.currentTarget.value)}
        />
      </label>
      <section
        ref={list}
        class="transcript"
        aria-label={TRANSCRIPT.label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        tabIndex={0}
        onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
          isFollowing.current = scrollHeight - clientHeight - scrollTop < FOLLOW_PX;
        }}
      >
        {paragraphs.length === 0 && <EmptyTranscript query={query.trim()} />}
        {paragraphs.map((paragraph) => (
          <ParagraphView key={paragraph.lines[0]!.id} paragraph={paragraph} query={query} />
        ))}
      </section>
    </>
  );
}

function EmptyTranscript({ query }: { query: string }) {
  const isOn = useSelect((state) => state.captionsOn);
  const reason = isOn ? TRANSCRIPT.empty : TRANSCRIPT.captionsOff;
  return <p class="panel-empty">{query === '' ? reason : TRANSCRIPT.noResults(query)}</p>;
}

function ParagraphView(props: { paragraph: Paragraph; query: string }) {
  const { partyIndex, startMs, lines } = props.paragraph;
  const name = useSelect((state) => nameOf(state, partyIndex));
  return (
    <article class="paragraph" style={speakerStyle(partyIndex)}>
      <header>
        <strong>{name}</strong> <time>{formatClock(startMs)}</time>
      </header>
      {lines.map((line) => (
        <p key={line.id}>
          {splitByMatch(line.text, props.query).map((piece, index) =>
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no other name.
            piece.isMatch ? <mark key={index}>{piece.text}</mark> : piece.text,
          )}
        </p>
      ))}
    </article>
  );
}
