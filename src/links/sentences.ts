/** Everything that people read about a link that Parley could not open. */

const UPLOAD = 'Upload the file here instead.';
const CHECK_IN_BROWSER = 'Check it in your browser.';

// What the link itself is.

export const NOT_A_LINK = 'That isn’t a link. Use one that begins with https://.';
export const WRONG_SCHEME =
  'Parley can’t open that kind of link. Use one that begins with https:// or http://.';
export const CREDENTIALS_IN_LINK = 'That link contains a user name or password. Use a link without them.';
export const PRIVATE_NETWORK = `Parley can’t open links to private networks. ${UPLOAD}`;
export const unusualPort = (port: number): string =>
  `Parley can’t open that address (port ${port}). ${UPLOAD}`;

// What is behind it.

export const TOO_MANY_REDIRECTS = 'That link redirects too many times. Use a direct link to the file.';
export const WEB_PAGE =
  'That link leads to a web page, not a recording. Use a direct link to the audio or video file.';
export const COMPRESSED = `That link’s server compresses the file, so Parley can’t read it. ${UPLOAD}`;
export const TOO_LARGE = 'The file is larger than 2 GB. Use a shorter recording, or only its audio.';
export const SIGN_IN = 'That link needs a sign-in. Use a link that anyone can open.';
export const NO_FILE = `There’s no file at that link. ${CHECK_IN_BROWSER}`;
export const noFileBy = (status: number): string =>
  `That link didn’t lead to a file (status ${status}). ${CHECK_IN_BROWSER}`;
export const NO_SUCH_SERVER = 'That link’s server doesn’t exist. Check the link.';
export const BAD_CERTIFICATE = `That link’s server has an invalid certificate. ${UPLOAD}`;
export const NOT_A_WEB_SERVER = 'That link doesn’t lead to a web server. Check the link.';

// What may pass. `AppError` adds what to do.

export const serverProblem = (status: number): string =>
  `That link’s server has a problem (status ${status}).`;
export const TOO_SLOW = 'That link’s server took too long.';
export const DISCONNECTED = 'The connection to that link’s server was lost.';
export const STOPPED = 'Parley restarted while it was opening the link.';
