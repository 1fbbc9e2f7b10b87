import { HashIcon, MenuIcon } from './icons.tsx';

interface PlaceHeaderProps {
  readonly title: string;
  readonly detail?: string;
  readonly isChannel?: boolean;
  readonly onMenu: () => void;
}

export function PlaceHeader({ title, detail, isChannel, onMenu }: PlaceHeaderProps) {
  return (
    <header class="place-head">
      <button type="button" class="icon-button for-phones" aria-label="Show channels" onClick={onMenu}>
        <MenuIcon />
      </button>
      <h2>
        {isChannel && <HashIcon />}
        {title}
      </h2>
      {detail && <p class="place-detail">{detail}</p>}
    </header>
  );
}
