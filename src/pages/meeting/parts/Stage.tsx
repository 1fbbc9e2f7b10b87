import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { GAP_PX, gridFor } from '../layout.ts';
import { usePage, useSelect } from '../page-context.ts';
import { isPinned, type Picture } from '../state.ts';
import { Tile } from './Tile.tsx';

const NOBODY =
  'Nobody else is here yet. Everybody in the channel can join: the button is on the card in Slack.';

/** Everybody, as large as the window allows; or one large (a shared screen, or who was pinned) and a strip of the rest. */
export function Stage() {
  const { meeting } = usePage();
  const peers = useSelect((state) => state.peers);
  const streams = useSelect((state) => state.streams);
  const me = useSelect((state) => state.me);
  const pinned = useSelect((state) => state.pinned);
  const sharing = useSelect((state) => state.own.screen);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const stage = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = stage.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const tiles = useMemo(() => {
    const screens = streams
      .filter(({ source }) => source === 'screen')
      .map(({ peerId }): Picture => ({ peerId, source: 'screen' }));
    if (sharing) screens.push({ peerId: me, source: 'screen' });
    // Oneself last: one looks at the others.
    const people = [...peers].sort((a, b) => Number(a.peerId === me) - Number(b.peerId === me));
    return { screens, people: people.map(({ peerId }): Picture => ({ peerId, source: 'camera' })) };
  }, [peers, streams, me, sharing]);

  // Whoever shares looks at the others, and sees their own screen elsewhere; of several, the newest is looked at.
  const large =
    [...tiles.screens, ...tiles.people].find((tile) => isPinned({ pinned }, tile)) ??
    tiles.screens.findLast(({ peerId }) => peerId !== me);
  const all = [...tiles.screens, ...tiles.people];
  const rest = all.filter((tile) => tile !== large);
  const ringing = useSelect(({ phones }) => {
    const names = phones.filter((phone) => phone.state === 'ringing').map(({ name }) => name);
    return names.length === 0 ? null : `Ringing ${names.join(' and ')} …`;
  });
  const alone = peers.length === 1 && meeting.media.get() !== null;

  if (large !== undefined) {
    return (
      <div ref={stage} class="stage is-focused">
        <div class="stage-large">
          <Tile key={keyOf(large)} of={large} large />
        </div>
        <ul class="stage-strip" aria-label="Everybody else">
          {rest.map((tile) => (
            <li key={keyOf(tile)}>
              <Tile of={tile} />
            </li>
          ))}
        </ul>
      </div>
    );
  }
  const grid = gridFor(all.length, size.width, size.height);
  const style = {
    '--columns': String(grid.columns),
    '--tile-width': `${grid.tileWidthPx}px`,
    '--tile-height': `${grid.tileHeightPx}px`,
    '--gap': `${GAP_PX}px`,
  };
  return (
    <div ref={stage} class="stage">
      <ul class="stage-grid" style={style}>
        {all.map((tile) => (
          <li key={keyOf(tile)}>
            <Tile of={tile} />
          </li>
        ))}
      </ul>
      {alone && <p class="stage-alone">{ringing ?? NOBODY}</p>}
    </div>
  );
}

const keyOf = ({ peerId, source }: Picture): string => `${peerId} ${source}`;
