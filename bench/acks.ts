import type { StoredFile, StoredMessage } from '../sandbox/slack/control/contract.ts';
import { openWorkspace, type Workspace } from '../test/e2e/support/workspace.ts';
import { shortWav } from '../test/speech/support.ts';
import { freePort } from '../test/support/free-port.ts';
import { type RunningProcess, startProcess } from '../test/support/process.ts';
import { temporaryDirectory } from '../test/support/temporary.ts';
import { sendEvents } from './acks/sender.ts';
import { type BenchResult, isShort, quantile } from './result.ts';

/**
 * How long Slack waits for its acknowledgement while Parley is busy with recordings, against a server that does
 * nothing but verify the same signature. Each runs as its own process.
 */
export const name = 'acknowledgements';

const PER_SECOND = 200;
/** Talk in channels is mostly text. */
const ONE_RECORDING_IN = 40;
const ENGINE_KEY = 'bench-engine-key';

export const run = async (): Promise<BenchResult[]> => {
  const count = PER_SECOND * (isShort() ? 3 : 10);
  const { directory, remove } = temporaryDirectory();
  const running: RunningProcess[] = [];
  const start = (...command: Parameters<typeof startProcess>): RunningProcess => {
    const process = startProcess(...command);
    running.push(process);
    return process;
  };
  try {
    const slack = await startSlack(start);
    const bare = await addressOf(start('bench/acks/part.ts', ['bare', slack.signingSecret], {}));
    const port = await freePort();
    const parley = start('src/main.ts', [], {
      DATA_DIR: directory,
      PORT: String(port),
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_SIGNING_SECRET: slack.signingSecret,
      SLACK_API_URL: slack.apiUrl,
      DEEPGRAM_API_KEY: ENGINE_KEY,
      DEEPGRAM_URL: await addressOf(start('bench/acks/part.ts', ['engine', ENGINE_KEY], {})),
    });
    await parley.until(/"msg":"Parley is up"/);
    const workspace = openWorkspace(slack.url);
    const address = `http://127.0.0.1:${port}`;
    const load = {
      secret: slack.signingSecret,
      perSecond: PER_SECOND,
      url: `${address}/slack/events`,
    };
    // The first requests are slow and belong to the start.
    await sendEvents({ ...load, bodies: await eventBodies(workspace, PER_SECOND) });
    const bodies = await eventBodies(workspace, count);
    const transcribedBefore = await transcribedSoFar(address);
    const bareAcks = await sendEvents({ ...load, url: `${bare}/slack/events`, bodies });
    const acks = await sendEvents({ ...load, bodies });
    const refused = [...bareAcks, ...acks].filter(({ status }) => status !== 200);
    if (refused.length > 0) throw new Error(`${refused.length} events were not acknowledged`);
    const done = (await transcribedSoFar(address)) - transcribedBefore;

    const p50 = quantile(
      acks.map(({ tookMs }) => tookMs),
      0.5,
    );
    const p99 = quantile(
      acks.map(({ tookMs }) => tookMs),
      0.99,
    );
    const bareP50 = quantile(
      bareAcks.map(({ tookMs }) => tookMs),
      0.5,
    );
    const bareP99 = quantile(
      bareAcks.map(({ tookMs }) => tookMs),
      0.99,
    );
    return [
      { figure: `ack of ${count} events at ${PER_SECOND}/s, p50`, value: p50, unit: 'ms' },
      { figure: 'the same, p99', value: p99, unit: 'ms', goal: { atMost: 100 } },
      { figure: 'a server that only verifies, p50', value: bareP50, unit: 'ms' },
      { figure: 'the same, p99', value: bareP99, unit: 'ms' },
      { figure: 'p50 against the bare server', value: p50 / bareP50, unit: 'times' },
      { figure: 'recordings transcribed meanwhile', value: done, unit: `of ${count / ONE_RECORDING_IN}` },
    ];
  } finally {
    for (const process of running.reverse()) await process.stop();
    remove();
  }
};

interface Slack {
  readonly url: string;
  readonly apiUrl: string;
  readonly botToken: string;
  readonly signingSecret: string;
}

/** The Slack simulator without rate limits. */
const startSlack = async (
  start: (...command: Parameters<typeof startProcess>) => RunningProcess,
): Promise<Slack> => {
  const process = start('sandbox/main.ts', ['--no-engine', '--no-page'], { LOG_LEVEL: 'error' });
  const [line] = await process.until(/^\{"slack":.*$/m);
  const { slack } = JSON.parse(line) as { slack: Slack };
  await fetch(`${slack.url}/control/app`, {
    method: 'PUT',
    // The measurement sends the events.
    body: JSON.stringify({ enforceLimits: false, events: [] }),
  });
  return slack;
};

const addressOf = async (process: RunningProcess): Promise<string> => {
  const [, address = ''] = await process.until(/^listening (\S+)$/m);
  return address;
};

/** As Slack would send them; the recordings are posted beforehand, each in a thread of its own. */
const eventBodies = async (workspace: Workspace, count: number): Promise<string[]> => {
  const { team, channels, people } = await workspace.state();
  const channel = channels.find(({ botIsMember }) => botIsMember)?.id ?? '';
  const user = people.find(({ isBot }) => !isBot)?.id ?? '';
  const bodies: string[] = [];
  for (let at = 0; at < count; at += 1) {
    const posted = at % ONE_RECORDING_IN === 0 ? await postRecording(workspace, channel, user) : null;
    bodies.push(
      JSON.stringify({
        type: 'event_callback',
        team_id: team.id,
        event_id: `EvBench${at}`,
        authorizations: [{ enterprise_id: null, team_id: team.id, user_id: 'UBOT', is_bot: true }],
        event: {
          type: 'message',
          channel,
          channel_type: 'channel',
          user,
          text: 'Has anyone seen the blue folder? It was on the table by the window this morning.',
          ts: posted?.ts ?? `${1_700_000_000 + at}.000100`,
          ...(posted === null ? {} : { subtype: 'file_share', files: posted.files?.map(asSent) }),
        },
      }),
    );
  }
  return bodies;
};

const postRecording = async (workspace: Workspace, channel: string, as: string): Promise<StoredMessage> => {
  const { id } = await workspace.upload({ name: 'talk.wav', bytes: shortWav() }, as);
  return workspace.post({ channel, as, text: '', files: [id] });
};

const asSent = ({ id, name, mimetype, size }: StoredFile) => ({ id, name, mimetype, size, mode: 'hosted' });

const transcribedSoFar = async (address: string): Promise<number> => {
  const metrics = await (await fetch(`${address}/metrics`)).text();
  const [, count = '0'] =
    /^parley_job_attempts_total\{job="transcribe",outcome="done"\} (\d+)/m.exec(metrics) ?? [];
  return Number(count);
};
