import { useEffect, useRef } from 'preact/hooks';
import { useDispatch } from '../page-context.ts';
import type { Panel } from '../state.ts';
import { Icon } from './Icon.tsx';
import { PeopleList } from './PeopleList.tsx';
import { TalkTime } from './TalkTime.tsx';
import { TranscriptView } from './TranscriptView.tsx';

const TITLES = { people: 'People', transcript: 'Transcript' } as const;

export function SidePanel({ panel }: { panel: NonNullable<Panel> }) {
  const dispatch = useDispatch();
  const title = TITLES[panel];
  const heading = useRef<HTMLHeadingElement>(null);
  const close = (): void => dispatch({ type: 'panel', panel: null });
  // Where the keyboard goes: into what was just opened.
  useEffect(() => {
    if (heading.current?.textContent === title) heading.current.focus();
  }, [title]);
  return (
    <aside
      class="panel"
      aria-label={title}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
    >
      <header class="panel-head">
        <h2 ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <button
          type="button"
          class="round is-small"
          aria-label={`Close ${title.toLowerCase()}`}
          onClick={close}
        >
          <Icon name="close" />
        </button>
      </header>
      {panel === 'people' ? (
        <PeopleList />
      ) : (
        <>
          <TalkTime />
          <TranscriptView />
        </>
      )}
    </aside>
  );
}
