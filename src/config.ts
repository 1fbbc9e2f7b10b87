import { z } from 'zod';
import { isCountry, isE164Number } from './core/calls/numbers.ts';
import type { CallLimits } from './core/calls/types.ts';

/**
 * Every variable Parley reads, what it must look like, and what to do when it does not. `.env.example` has a
 * line for each; a test holds the two together.
 */
const address = (what: string) =>
  z
    .url({ protocol: /^https?$/, error: `must be an http:// or https:// address (${what})` })
    .transform((url) => url.replace(/\/+$/, ''));
const whole = (min: number, max: number) =>
  z.coerce
    .number({ error: 'must be a number' })
    .int({ error: 'must be a whole number' })
    .min(min, { error: `must be at least ${min}` })
    .max(max, { error: `must be at most ${max}` });
const prefixed = (prefix: string, where: string) =>
  z.string().startsWith(prefix, { error: `must start with ${prefix} (${where})` });

const E164 = /^\+[1-9]\d{6,14}$/;

/** `UK` is the code that people take for one most often. */
const unknownCountry = (code: string) => ({
  code: 'custom' as const,
  message: `has ${code}, which is not a country code${code === 'UK' ? ' (use GB for the United Kingdom)' : ''}; see ISO 3166`,
});

export const VARIABLES = {
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
  SLACK_BOT_TOKEN: prefixed('xoxb-', 'OAuth & Permissions > Bot User OAuth Token').optional(),
  SLACK_APP_TOKEN: prefixed('xapp-', 'Basic Information > App-Level Tokens').optional(),
  SLACK_SIGNING_SECRET: z
    .string()
    .min(8, { error: 'is too short (Basic Information > Signing Secret)' })
    .optional(),
  SLACK_API_URL: address('the Slack Web API, ending in /api').optional(),
  DEEPGRAM_API_KEY: z
    .string()
    .min(8, { error: 'is too short for a key (console.deepgram.com > API Keys)' })
    .optional(),
  DEEPGRAM_URL: address('Deepgram, a regional endpoint, or one of your own').optional(),
  QUICKCHART_URL: address('a QuickChart server').optional(),
  TRANSCRIBE_CONCURRENCY: whole(1, 100).default(4),
  DEEPGRAM_LIVE_STREAMS: whole(1, 10_000).default(50),
  MEDIA_ANNOUNCED_ADDRESS: z
    .string()
    .regex(/^[\w.:-]+$/, { error: 'must be an address or a host name, without http:// or a port' })
    .optional(),
  MEDIA_PORT: whole(1, 65_000).optional(),
  TURN_URL: z
    .string()
    .regex(/^turns?:[^\s,]+(,turns?:[^\s,]+)*$/, {
      error: 'must be turn: or turns: addresses, separated by commas',
    })
    .transform((urls) => urls.split(','))
    .optional(),
  TURN_SECRET: z.string().min(8, { error: 'is too short (static-auth-secret of coturn)' }).optional(),
  NODE_URL: address('where browsers reach this instance of Parley').optional(),
  TWILIO_ACCOUNT_SID: prefixed('AC', 'console.twilio.com > Account Info').optional(),
  TWILIO_AUTH_TOKEN: z
    .string()
    .min(8, { error: 'is too short (console.twilio.com > Account Info)' })
    .optional(),
  TWILIO_NUMBER: z
    .string()
    .regex(E164, { error: 'must be a number like +442079460000, without spaces' })
    .refine((number) => !E164.test(number) || isE164Number(number), {
      error: 'is not a valid phone number: check it and its country code',
    })
    .optional(),
  TWILIO_URL: address('the Twilio API, or a regional edge').optional(),
  CALL_COUNTRIES: z
    .string()
    .regex(/^[A-Za-z]{2}(\s*,\s*[A-Za-z]{2})*$/, {
      error: 'must be two-letter country codes separated by commas: GB,DE',
    })
    .transform((codes) => [...new Set(codes.toUpperCase().split(/\s*,\s*/))])
    .superRefine((codes, context) => {
      for (const code of codes.filter((one) => !isCountry(one))) context.addIssue(unknownCountry(code));
    })
    .optional(),
  CALL_DEFAULT_COUNTRY: z
    .string()
    .regex(/^[A-Za-z]{2}$/, { error: 'must be a two-letter country code: GB' })
    .transform((code) => code.toUpperCase())
    .superRefine((code, context) => {
      if (!isCountry(code)) context.addIssue(unknownCountry(code));
    })
    .optional(),
  CALLS_PER_MEMBER: whole(0, 100_000).default(30),
  CALLS_PER_CHANNEL: whole(0, 100_000).default(60),
  CALLS_PER_WORKSPACE: whole(0, 1_000_000).default(300),
  CALLS_AT_ONCE: whole(0, 10_000).default(10),
  CALL_MAX_MINUTES: whole(1, 240).default(60),
  MEETING_GRACE_SECONDS: whole(1, 3_600).default(60),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error'], { error: 'must be debug, info, warn or error' })
    .default('info'),
  WORKSPACE_PORT: whole(0, 65_535).default(3100),
} as const;

const schema = z.object(VARIABLES).superRefine((values, context) => {
  const missing = (variable: string, message: string) =>
    context.addIssue({ code: 'custom', path: [variable], message });
  if (values.SLACK_BOT_TOKEN !== undefined && !values.SLACK_APP_TOKEN && !values.SLACK_SIGNING_SECRET) {
    missing(
      'SLACK_APP_TOKEN',
      'is needed with SLACK_BOT_TOKEN for Socket Mode (or SLACK_SIGNING_SECRET for HTTP)',
    );
  }
  if (values.SLACK_BOT_TOKEN === undefined) {
    for (const variable of ['SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET', 'SLACK_API_URL'] as const) {
      if (values[variable] !== undefined) missing('SLACK_BOT_TOKEN', `is needed when ${variable} is set`);
    }
  }
  if ((values.TURN_URL === undefined) !== (values.TURN_SECRET === undefined)) {
    const [lacks, has] =
      values.TURN_URL === undefined ? ['TURN_URL', 'TURN_SECRET'] : ['TURN_SECRET', 'TURN_URL'];
    missing(lacks!, `is needed when ${has} is set`);
  }
  const twilio = ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_NUMBER'] as const;
  const given = [...twilio, 'TWILIO_URL' as const].find((variable) => values[variable] !== undefined);
  for (const variable of given === undefined ? [] : twilio) {
    if (values[variable] === undefined) missing(variable, `is needed when ${given} is set`);
  }
  const { CALL_COUNTRIES: countries, CALL_DEFAULT_COUNTRY: national } = values;
  if (countries !== undefined && national !== undefined && !countries.includes(national)) {
    missing('CALL_DEFAULT_COUNTRY', `must be one of CALL_COUNTRIES (${countries.join(', ')})`);
  }
  if (values.DEEPGRAM_URL !== undefined && values.DEEPGRAM_API_KEY === undefined) {
    missing('DEEPGRAM_API_KEY', 'is needed when DEEPGRAM_URL is set');
  }
});

export interface Config {
  readonly host: string;
  readonly port: number;
  /** Where browsers reach Parley, without a trailing slash; null when not set. */
  readonly publicUrl: string | null;
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  readonly secret: string | null;
  /** Null: the simulated Slack of the local workspace. */
  readonly slack: SlackConfig | null;
  /** Null: the local speech engine. */
  readonly deepgram: { readonly apiKey: string; readonly url: string } | null;
  /** Null: the embedded renderer. */
  readonly quickchartUrl: string | null;
  readonly transcribeConcurrency: number;
  readonly meetings: MeetingsConfig;
  /** Null: the simulated phone network of the local workspace; with a real Slack, none. */
  readonly telephony: TelephonyConfig | null;
  readonly calls: CallsConfig;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  readonly workspacePort: number;
}

interface MeetingsConfig {
  /** The public address of this machine's media ports; null when browsers run on this machine. */
  readonly announcedAddress: string | null;
  /** Media worker n listens on this port + n; null: on free ports. */
  readonly portBase: number | null;
  readonly turn: { readonly urls: readonly string[]; readonly secret: string } | null;
  /** Where browsers reach this instance when there are several; null when there is one. */
  readonly nodeUrl: string | null;
  readonly graceMs: number;
  /** The most live connections to the speech engine, for this instance. */
  readonly liveStreams: number;
}

interface TelephonyConfig {
  readonly accountSid: string;
  readonly authToken: string;
  /** E.164: the caller id of outgoing calls, and the number to dial in. */
  readonly number: string;
  /** Null: Twilio's own. */
  readonly apiUrl: string | null;
}

interface CallsConfig {
  /** Null: the country of Parley's own number. */
  readonly countries: readonly string[] | null;
  readonly defaultCountry: string | null;
  readonly limits: CallLimits;
}

/** Outside the ranges that browsers, databases and operating systems use. */
const DEFAULT_MEDIA_PORT = 40_000;

export interface SlackConfig {
  readonly botToken: string;
  readonly mode: { type: 'socket'; appToken: string } | { type: 'http'; signingSecret: string };
  readonly apiUrl: string | null;
}

/** All problems at once, one line each. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(
      `Parley cannot start with these settings:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** @throws {ConfigError} naming every variable that is wrong and what it must be. Empty variables count as unset. */
export const parseConfig = (environment: Readonly<Record<string, string | undefined>>): Config => {
  const given = Object.fromEntries(
    Object.keys(VARIABLES).flatMap((name) => {
      const value = environment[name]?.trim();
      return value ? [[name, value]] : [];
    }),
  );
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`));
  }
  const values = parsed.data;
  return {
    host: values.HOST,
    port: values.PORT,
    publicUrl: values.PUBLIC_URL ?? null,
    dataDir: values.DATA_DIR,
    databaseUrl: values.DATABASE_URL ?? null,
    secret: values.PARLEY_SECRET ?? null,
    slack: slackConfig(values),
    deepgram: values.DEEPGRAM_API_KEY
      ? { apiKey: values.DEEPGRAM_API_KEY, url: values.DEEPGRAM_URL ?? 'https://api.deepgram.com' }
      : null,
    quickchartUrl: values.QUICKCHART_URL ?? null,
    transcribeConcurrency: values.TRANSCRIBE_CONCURRENCY,
    meetings: {
      announcedAddress: values.MEDIA_ANNOUNCED_ADDRESS ?? null,
      // Ports that a firewall must open are fixed.
      portBase:
        values.MEDIA_PORT ?? (values.MEDIA_ANNOUNCED_ADDRESS === undefined ? null : DEFAULT_MEDIA_PORT),
      turn:
        values.TURN_URL === undefined || values.TURN_SECRET === undefined
          ? null
          : { urls: values.TURN_URL, secret: values.TURN_SECRET },
      nodeUrl: values.NODE_URL ?? null,
      graceMs: values.MEETING_GRACE_SECONDS * 1_000,
      liveStreams: values.DEEPGRAM_LIVE_STREAMS,
    },
    telephony: telephonyConfig(values),
    calls: {
      countries: values.CALL_COUNTRIES ?? null,
      defaultCountry: values.CALL_DEFAULT_COUNTRY ?? null,
      limits: {
        perMember: values.CALLS_PER_MEMBER,
        perChannel: values.CALLS_PER_CHANNEL,
        perWorkspace: values.CALLS_PER_WORKSPACE,
        concurrent: values.CALLS_AT_ONCE,
        maxDurationMs: values.CALL_MAX_MINUTES * 60_000,
      },
    },
    logLevel: values.LOG_LEVEL,
    workspacePort: values.WORKSPACE_PORT,
  };
};

const telephonyConfig = (values: z.infer<typeof schema>): TelephonyConfig | null => {
  const {
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_AUTH_TOKEN: authToken,
    TWILIO_NUMBER: number,
    TWILIO_URL: apiUrl = null,
  } = values;
  return accountSid === undefined || authToken === undefined || number === undefined
    ? null
    : { accountSid, authToken, number, apiUrl };
};

const slackConfig = (values: z.infer<typeof schema>): SlackConfig | null => {
  const {
    SLACK_BOT_TOKEN: botToken,
    SLACK_APP_TOKEN: appToken,
    SLACK_SIGNING_SECRET: signingSecret,
  } = values;
  if (botToken === undefined) return null;
  const apiUrl = values.SLACK_API_URL ?? null;
  if (appToken !== undefined) return { botToken, mode: { type: 'socket', appToken }, apiUrl };
  return signingSecret === undefined ? null : { botToken, mode: { type: 'http', signingSecret }, apiUrl };
};
