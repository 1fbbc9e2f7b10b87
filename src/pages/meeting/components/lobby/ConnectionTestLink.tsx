import { parsePageLink } from '../../../shared/page-link.ts';
import { LOBBY } from '../../sentences.ts';

export function ConnectionTestLink() {
  return (
    <a class="link" href={parsePageLink(location.href).connectionUrl} target="_blank" rel="noreferrer">
      {LOBBY.checkConnection}
    </a>
  );
}
