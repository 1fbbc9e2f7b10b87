const LONGEST_NAME = 120;

/** The name of the file at a link: the server's own, else the end of the path, else "recording". */
export const nameOf = (url: URL, contentDisposition: string | undefined): string =>
  clean(contentDisposition === undefined ? null : fromDisposition(contentDisposition)) ??
  clean(decode(url.pathname.split('/').at(-1) ?? '')) ??
  'recording';

/** RFC 6266: `filename*` with its encoding wins over `filename`. */
const fromDisposition = (header: string): string | null => {
  const extended = /;\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/i.exec(header)?.[1];
  if (extended !== undefined) return decode(extended);
  const quoted = /;\s*filename\s*=\s*"((?:[^"\\]|\\.)*)"/i.exec(header)?.[1];
  if (quoted !== undefined) return quoted.replace(/\\(.)/g, '$1');
  return /;\s*filename\s*=\s*([^;\s"]+)/i.exec(header)?.[1] ?? null;
};

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Without folders, control characters and bidirectional marks; null when nothing is left. */
const clean = (name: string | null): string | null => {
  const last = name?.split(/[/\\]/).at(-1) ?? '';
  const visible = last.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').replace(/^[\s.]+|\s+$/g, '');
  if (visible === '') return null;
  const characters = Array.from(visible);
  if (characters.length <= LONGEST_NAME) return visible;
  const extension = /\.[a-z0-9]{1,5}$/i.exec(visible)?.[0] ?? '';
  return characters.slice(0, LONGEST_NAME - extension.length).join('') + extension;
};
