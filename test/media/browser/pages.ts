import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { build, type Rollup } from 'vite';
import type { Notification } from '../../../src/media/signalling/messages.ts';
import { launchBrowser } from '../../support/browser.ts';
import { fixture } from '../../support/fixtures.ts';

/** What client.js answers, seen from here. */
export interface Client {
  readonly told: Notification[];
  join(): Promise<{ peerId: string; resumed: boolean }>;
  arrived(): Promise<{ microphone: number; camera: number; frameWidth: number }>;
  /** Of one person's microphone: what came, as what, and how loud it was in all. */
  soundOf(peerId: string): Promise<{ packets: number; lost: number; energy: number; codec: string }>;
  request(name: string, data: object): Promise<unknown>;
  idOf(source: string): string;
  consumerOf(source: string): string | undefined;
  cut(): void;
}
declare const meeting: {
  enter(url: string, options: { protocol?: string; camera: boolean }): Promise<Client>;
};
declare const client: Client;

/** Chromium with the page of client.js; its microphone hears `two-voices` all the time. */
export const startPages = async () => {
  const code = await bundle();
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><script>${code.replaceAll('</script', '<\\/script')}</script>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await launchBrowser({
    flags: [
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      // Real talk: the beeps of the made-up microphone are no one's voice.
      `--use-file-for-fake-audio-capture=${fixture('two-voices.wav')}`,
      '--autoplay-policy=no-user-gesture-required',
      // Both ends are on this machine.
      '--allow-loopback-in-peer-connection',
    ],
  });
  return {
    /** A page that joined at `url`, as `client` in it. */
    async enter(url: string, options: { protocol?: string; camera?: boolean } = {}): Promise<Page> {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      await page.evaluate(
        async ({ address, how }) => {
          Object.assign(globalThis, { client: await meeting.enter(address, how) });
          await client.join();
        },
        { address: url, how: { camera: true, ...options } },
      );
      return page;
    },
    async close(): Promise<void> {
      await browser.close();
      server.close();
    },
  };
};

const bundle = async (): Promise<string> => {
  const built = (await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: { entry: path.join(import.meta.dirname, 'client.js'), formats: ['iife'], name: 'meeting' },
    },
  })) as Rollup.RollupOutput[];
  return built[0]!.output[0].code;
};
