import { it } from 'vitest';
import { startWorkers } from '../../../media/support.ts';
import { launchBrowser } from '../../../support/browser.ts';
import { until } from '../../../support/until.ts';
import { startMeetingServer } from '../support/meeting-server.ts';

/** A browser whose permission prompt the test answers. */
const ASK_FIRST = `
  window.opened = [];
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  const answered = new Promise((resolve) => { window.allow = resolve; });
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    await answered;
    const stream = await open(wanted);
    window.opened.push(...stream.getAudioTracks());
    return stream;
  };`;

it('a microphone that opens after its person joined muted is closed at once', async () => {
  const [workers, browser] = await Promise.all([
    startWorkers(1),
    launchBrowser({ flags: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'] }),
  ]);
  const server = await startMeetingServer({ workers, guests: { maya: { name: 'Maya', host: true } } });
  try {
    const page = await browser.newPage();
    await page.addInitScript(ASK_FIRST);
    await page.goto(server.urlOf('maya'));
    await page.getByRole('button', { name: 'Join muted' }).click();
    await page.getByRole('button', { name: 'Leave', exact: true }).waitFor();
    await page.evaluate('window.allow()');
    const states = (): Promise<string[]> =>
      page.evaluate('window.opened.map(({ readyState }) => readyState)');
    await until(async () => (await states()).length > 0, { what: 'the microphone' });
    await until(async () => (await states()).every((state) => state === 'ended'), {
      what: 'a closed microphone',
    });
  } finally {
    await browser.close();
    await server.close();
    workers.close();
  }
});
