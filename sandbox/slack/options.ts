import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RequestHandler } from 'express';
import type { Log } from '../../src/core/ports.ts';
import type { Failures } from '../common/failures.ts';
import type { WorkspaceState } from './control/contract.ts';
import type { SlackFailure } from './failures.ts';
import type { AppOverrides } from './seed.ts';

/** How the stand-in Slack is started. */
export interface SlackOptions {
  readonly host?: string;
  /** 0 picks a free one. */
  readonly port?: number;
  /** Null keeps everything in memory. */
  readonly dataDir: string | null;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  /** The built page, served at `/`. */
  readonly pageDir?: string;
  /** The address that people and the app use, when it is not where the server listens. */
  readonly publicUrl?: string;
  readonly samplesDir?: string;
  readonly providers?: WorkspaceState['providers'];
  /** What the app's settings pages would hold; only what is given changes in a workspace that exists. */
  readonly app?: AppOverrides;
  /** Switches that other stand-ins share; its own by default. */
  readonly failures?: Failures<SlackFailure>;
  /** The telephone network's panel, served under `/control/phones`. */
  readonly phones?: {
    readonly control: RequestHandler;
    /** False when nothing is at the address. */
    readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
  };
  /** What time it is; `Date.now` by default. */
  readonly nowMs?: () => number;
  readonly log: Log;
}
