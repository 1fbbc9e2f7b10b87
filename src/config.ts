import { z } from 'zod';
import { CALL_VARIABLES, type CallsConfig, callProblems, callsConfig } from './config/calls.ts';
import {
  DEEPGRAM_VARIABLES,
  type DeepgramConfig,
  deepgramConfig,
  deepgramProblems,
} from './config/deepgram.ts';
import {
  MEETING_VARIABLES,
  type MeetingsConfig,
  meetingProblems,
  meetingsConfig,
} from './config/meetings.ts';
import { SERVER_VARIABLES, type ServerConfig, serverConfig } from './config/server.ts';
import {
  type CommandsConfig,
  SLACK_VARIABLES,
  type SlackConfig,
  slackConfig,
  slackProblems,
} from './config/slack.ts';
import { type TelephonyConfig, TWILIO_VARIABLES, twilioConfig, twilioProblems } from './config/twilio.ts';

export type { SlackConfig } from './config/slack.ts';

/**
 * Every variable Parley reads, what it must look like, and what to do when it does not; `config/` has a file for
 * each subject. `.env.example` has a line for each variable; a test holds the two together.
 */
export const VARIABLES = {
  ...SERVER_VARIABLES,
  ...SLACK_VARIABLES,
  ...DEEPGRAM_VARIABLES,
  ...MEETING_VARIABLES,
  ...TWILIO_VARIABLES,
  ...CALL_VARIABLES,
} as const;

const schema = z.object(VARIABLES).superRefine((values, context) => {
  const problems = [
    ...slackProblems(values),
    ...deepgramProblems(values),
    ...meetingProblems(values),
    ...twilioProblems(values),
    ...callProblems(values),
  ];
  for (const { variable, message } of problems) {
    context.addIssue({ code: 'custom', path: [variable], message });
  }
});

export interface Config extends ServerConfig {
  /** Null: the simulated Slack of the local workspace. */
  readonly slack: SlackConfig | null;
  readonly slackCommands: CommandsConfig;
  /** Null: the local speech engine. */
  readonly deepgram: DeepgramConfig | null;
  readonly meetings: MeetingsConfig;
  /** Null: the simulated phone network of the local workspace; with a real Slack, none. */
  readonly telephony: TelephonyConfig | null;
  readonly calls: CallsConfig;
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
    ...serverConfig(values),
    slack: slackConfig(values),
    slackCommands: values.SLACK_COMMANDS,
    deepgram: deepgramConfig(values),
    meetings: meetingsConfig(values),
    telephony: twilioConfig(values),
    calls: callsConfig(values),
  };
};
