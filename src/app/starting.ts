import type { Config, SlackConfig } from '../config.ts';
import type { Clock, Log } from '../core/ports.ts';
import { componentLog } from '../log.ts';

/** A configuration with every provider, real or simulated. */
export interface CompleteConfig extends Config {
  readonly slack: SlackConfig;
  readonly deepgram: NonNullable<Config['deepgram']>;
  readonly secret: string;
  /**
   * Addresses as `host:port` that the link guard allows although they are not public: those of the local workspace.
   * Nothing else on this machine may be read through a link.
   */
  readonly trustedLinkHosts: readonly string[];
}

/** What every step of starting takes. */
export interface Starting {
  readonly config: CompleteConfig;
  readonly clock: Clock;
  /** The bytes of the signing secret. */
  readonly secret: Uint8Array;
  /** The log of one component. */
  readonly logOf: (component: string) => Log;
  /** Keeps a part to be closed, the last opened first. */
  readonly opened: <T>(part: T, closer: (part: T) => Promise<void>) => T;
  /** Where browsers reach Parley; null where nobody configured it, and before the local HTTP server listens. */
  readonly publicUrl: () => string | null;
  /** Where browsers reach this instance. */
  readonly nodeUrl: () => string | null;
}

/** @param httpUrl the address of the HTTP server, which is opened by a later step; null until then */
export const createStarting = ({
  config,
  clock,
  log,
  parts,
  httpUrl,
}: {
  readonly config: CompleteConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly parts: AsyncDisposableStack;
  readonly httpUrl: () => string | null;
}): Starting => {
  const publicUrl = () => config.publicUrl ?? (config.trustedLinkHosts.length > 0 ? httpUrl() : null);
  return {
    config,
    clock,
    secret: new TextEncoder().encode(config.secret),
    logOf: (component) => componentLog(log, component),
    opened: (part, closer) => parts.adopt(part, closer),
    publicUrl,
    nodeUrl: () => config.meetings.nodeUrl ?? publicUrl(),
  };
};
