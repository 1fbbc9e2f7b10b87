import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RequestHandler } from 'express';
import type { Clock, Log } from '../../src/core/ports.ts';
import type { Failures } from '../common/failures.ts';
import type { WorkspaceState } from './control/contract.ts';
import type { SlackFailure } from './failures.ts';
import type { AppOverrides } from './seed.ts';
import type { Json } from './types.ts';

/** Sees what the app and the workspace say to each other, as it goes over the wire. */
export interface Witness {
  /** A Web API call with its arguments, and the response. */
  called(method: string, given: Json, response: Json): void;
  /** An event, a command or an interaction for the app. */
  sent(body: Json): void;
}

/** How the Slack simulator is started. */
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
  /** The URL for people and the app, when the server listens elsewhere. */
  readonly publicUrl?: string;
  readonly samplesDir?: string;
  readonly providers?: WorkspaceState['providers'];
  /** The app's settings at Slack. In an existing workspace, only what is given changes. */
  readonly app?: AppOverrides;
  /** Shared with other simulators; its own by default. */
  readonly failures?: Failures<SlackFailure>;
  /** The phone network's control API, served under `/control/phones`. */
  readonly phones?: {
    readonly control: RequestHandler;
    /** False when there is none at the address. */
    readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
  };
  /** The machine's by default. */
  readonly clock?: Clock;
  readonly witness?: Witness;
  readonly log: Log;
}
