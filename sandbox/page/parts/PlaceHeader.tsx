import { HashIcon, MenuIcon } from './icons.tsx';

interface PlaceHeaderProps {
  readonly title: string;
  readonly detail?: string;
  readonly isChannel?: boolean;
  readonly onMenu: () => void;
}

export function PlaceHeader({ title, detail, isChannel, onMenu }: PlaceHeaderProps) {
  return (
    <header className="place-head">
      <button type="button" className="icon-button for-phones" aria-label="Show channels" onClick={onMenu}>
        <MenuIcon />
      </button>
      <h2>
        {isChannel && <HashIcon />}
        {title}
      </h2>
      {detail && <p className="place-detail">{detail}</p>}
    </header>
  );
}
