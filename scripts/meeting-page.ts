/** `node scripts/meeting-page.ts`: builds the pages that Parley serves, for an image that nothing can be written to. */
import { buildMeetingPage } from '../src/pages/build.ts';

console.log(await buildMeetingPage({ log: { info() {} } }));
