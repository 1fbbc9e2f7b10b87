import { useEffect, useRef } from 'preact/hooks';
import { PANEL } from '../../sentences.ts';
import type { Panel } from '../../state/state.ts';
import { Icon } from '../controls/Icon.tsx';
import { useDispatch } from '../page-context.ts';
import { PeopleList } from './PeopleList.tsx';
import { TalkTime } from './TalkTime.tsx';
import { TranscriptView } from './TranscriptView.tsx';

export function SidePanel({ panel }: { panel: NonNullable<Panel> }) {
  const dispatch = useDispatch();
  const title = PANEL.titles[panel];
  const heading = useRef<HTMLHeadingElement>(null);
  const close = (): void => dispatch({ type: 'panel', panel: null });
  // The focus goes into what was just opened.
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
          class="icon-button is-small"
          aria-label={PANEL.close(title)}
          title={PANEL.close(title)}
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
