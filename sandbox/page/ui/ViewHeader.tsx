import { sidebar } from '../sentences.ts';
import { HashIcon, MenuIcon } from './icons.tsx';

interface ViewHeaderProps {
  readonly title: string;
  readonly detail?: string;
  readonly isChannel?: boolean;
  readonly onMenu: () => void;
}

export function ViewHeader({ title, detail, isChannel, onMenu }: ViewHeaderProps) {
  return (
    <header class="view-head">
      <button type="button" class="icon-button narrow-only" aria-label={sidebar.open} onClick={onMenu}>
        <MenuIcon />
      </button>
      <h2>
        {isChannel && <HashIcon />}
        {title}
      </h2>
      {detail && <p class="view-detail">{detail}</p>}
    </header>
  );
}
