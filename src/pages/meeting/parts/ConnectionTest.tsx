import { linkOf } from '../info.ts';

/** Leads to the page that tests a connection, beside this one. */
export function ConnectionTest() {
  return (
    <a class="link" href={linkOf(location.href).connectionUrl} target="_blank" rel="noreferrer">
      Check your connection
    </a>
  );
}
