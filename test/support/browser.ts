import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser'] as const;

/**
 * Starts a headless Chromium without its calls home; close it when done. `flags` come on top, for example a WAV
 * file as the microphone. Throws a sentence when no Chromium is found at CHROMIUM_PATH or Debian's places.
 */
export async function launchBrowser({ flags = [] }: { flags?: readonly string[] } = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(process.env),
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...flags,
    ],
  });
}

/** Where Chromium is: CHROMIUM_PATH alone when it is set, so that a wrong value is seen and not passed over. */
export function findChromium(
  env: Readonly<Record<string, string | undefined>>,
  exists: (path: string) => boolean = existsSync,
): string {
  const wanted = env.CHROMIUM_PATH;
  const found = (wanted ? [wanted] : PLACES).find(exists);
  if (found) return found;
  throw new Error(
    wanted
      ? `CHROMIUM_PATH names ${wanted}, and nothing is there.`
      : `No Chromium at ${PLACES.join(' or ')}. Install one ("apt-get install chromium") or set CHROMIUM_PATH.`,
  );
}
