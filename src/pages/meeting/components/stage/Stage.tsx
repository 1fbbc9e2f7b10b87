import { useMemo, useRef } from 'preact/hooks';
import { useObservable } from '../../../shared/use-observable.ts';
import { STAGE } from '../../sentences.ts';
import { isPinned, type State, type TileSource } from '../../state/state.ts';
import { computeGrid, GAP_PX } from '../../view/layout.ts';
import { useElementSize } from '../../view/use-element-size.ts';
import { usePage, useSelect } from '../page-context.ts';
import { Tile } from './Tile.tsx';

/** All tiles in a grid; or one large (the pinned tile, or a shared screen) and the others in a strip. */
export function Stage() {
  const { screens, people } = useTiles();
  const localPeerId = useSelect((state) => state.localPeerId);
  const pinned = useSelect((state) => state.pinned);
  const tiles = [...screens, ...people];
  // Not one's own screen, which one sees anyway; of several, the newest.
  const large =
    tiles.find((tile) => isPinned({ pinned }, tile)) ??
    screens.findLast(({ peerId }) => peerId !== localPeerId);
  return large === undefined ? (
    <GridStage tiles={tiles} />
  ) : (
    <FocusedStage large={large} others={tiles.filter((tile) => tile !== large)} />
  );
}

const useTiles = (): { readonly screens: readonly TileSource[]; readonly people: readonly TileSource[] } => {
  const peers = useSelect((state) => state.peers);
  const streams = useSelect((state) => state.streams);
  const localPeerId = useSelect((state) => state.localPeerId);
  const isSharing = useSelect((state) => state.localMedia.screen);
  return useMemo(() => {
    const screens = streams
      .filter(({ source }) => source === 'screen')
      .map(({ peerId }): TileSource => ({ peerId, source: 'screen' }));
    if (isSharing) screens.push({ peerId: localPeerId, source: 'screen' });
    const isLocal = ({ peerId }: { readonly peerId: string }): number => Number(peerId === localPeerId);
    // Oneself last.
    const ordered = [...peers].sort((a, b) => isLocal(a) - isLocal(b));
    return { screens, people: ordered.map(({ peerId }): TileSource => ({ peerId, source: 'camera' })) };
  }, [peers, streams, localPeerId, isSharing]);
};

function FocusedStage({ large, others }: { large: TileSource; others: readonly TileSource[] }) {
  return (
    <div class="stage is-focused">
      <div class="stage-large">
        <Tile key={keyOf(large)} tile={large} isLarge />
      </div>
      <ul class="stage-strip" aria-label={STAGE.others}>
        {others.map((tile) => (
          <li key={keyOf(tile)}>
            <Tile tile={tile} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function GridStage({ tiles }: { tiles: readonly TileSource[] }) {
  const stage = useRef<HTMLDivElement>(null);
  const { width, height } = useElementSize(stage);
  const grid = computeGrid(tiles.length, width, height);
  const style = {
    '--tile-width': `${grid.tileWidthPx}px`,
    '--tile-height': `${grid.tileHeightPx}px`,
    '--gap': `${GAP_PX}px`,
  };
  return (
    <div ref={stage} class="stage">
      <ul class="stage-grid" style={style}>
        {tiles.map((tile) => (
          <li key={keyOf(tile)}>
            <Tile tile={tile} />
          </li>
        ))}
      </ul>
      <AloneNote />
    </div>
  );
}

/** While no one else is here: who is being called, or how others can join. */
function AloneNote() {
  const { meeting } = usePage();
  const isAlone = useSelect((state) => state.peers.length === 1);
  const hasMedia = useObservable(meeting.media, (media) => media !== null);
  const ringing = useSelect(ringingText);
  if (!isAlone || !hasMedia) return null;
  return <p class="stage-note">{ringing ?? STAGE.alone}</p>;
}

const ringingText = ({ phones }: State): string | null => {
  const names = phones.filter(({ state }) => state === 'ringing').map(({ name }) => name);
  return names.length === 0 ? null : STAGE.ringing(names);
};

const keyOf = ({ peerId, source }: TileSource): string => `${peerId} ${source}`;
