import { createHmac } from 'node:crypto';
import type { IceServer } from './signalling/messages.ts';

/**
 * A relay for networks that allow only web traffic, with credentials that expire: the scheme of coturn's
 * `use-auth-secret`, which needs no accounts on the relay.
 * @param personId for the relay's own log; a random or hashed one tells it nothing
 * @param nowMs wall-clock time, as on the relay
 * @see https://datatracker.ietf.org/doc/html/draft-uberti-behave-turn-rest-00#section-2.2
 */
export const turnServer = (options: {
  /** `turns:turn.example.com:443?transport=tcp`, and others of the same relay. */
  readonly urls: readonly string[];
  /** Shared with the relay. */
  readonly secret: string;
  readonly personId: string;
  readonly nowMs: number;
  readonly validForMs: number;
}): IceServer => {
  const expiresS = Math.ceil((options.nowMs + options.validForMs) / 1_000);
  const username = `${expiresS}:${options.personId}`;
  const credential = createHmac('sha1', options.secret).update(username).digest('base64');
  return { urls: options.urls, username, credential };
};
