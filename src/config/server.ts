import { z } from 'zod';
import { address, type Values, whole } from './fields.ts';

/** The process itself: where it listens, what it keeps, and its log. */
export const SERVER_VARIABLES = {
  HOST: z.string().default('127.0.0.1'),
  PORT: whole(0, 65_535).default(3000),
  PUBLIC_URL: address('where browsers reach Parley').optional(),
  DATA_DIR: z.string().default('.parley'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, { error: 'must be a postgres:// address' })
    .optional(),
  PARLEY_SECRET: z
    .string()
    .min(32, { error: 'must be at least 32 characters; make one with: openssl rand -hex 32' })
    .optional(),
  QUICKCHART_URL: address('a QuickChart server').optional(),
  TRANSCRIBE_CONCURRENCY: whole(1, 100).default(4),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error'], { error: 'must be debug, info, warn or error' })
    .default('info'),
  WORKSPACE_PORT: whole(0, 65_535).default(3100),
} as const;

export interface ServerConfig {
  readonly host: string;
  readonly port: number;
  /** Where browsers reach Parley, without a trailing slash; null when not set. */
  readonly publicUrl: string | null;
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  readonly secret: string | null;
  /** Null: the embedded renderer. */
  readonly quickchartUrl: string | null;
  readonly transcribeConcurrency: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  readonly workspacePort: number;
}

export const serverConfig = (values: Values<typeof SERVER_VARIABLES>): ServerConfig => ({
  host: values.HOST,
  port: values.PORT,
  publicUrl: values.PUBLIC_URL ?? null,
  dataDir: values.DATA_DIR,
  databaseUrl: values.DATABASE_URL ?? null,
  secret: values.PARLEY_SECRET ?? null,
  quickchartUrl: values.QUICKCHART_URL ?? null,
  transcribeConcurrency: values.TRANSCRIBE_CONCURRENCY,
  logLevel: values.LOG_LEVEL,
  workspacePort: values.WORKSPACE_PORT,
});
