import { type AppError, isGone, toAppError } from '../../core/error.ts';
import { fileInfo, isSharedIn } from '../files/info.ts';
import { TRIAL } from '../sentences/trial.ts';
import { CHART, FILE } from './sample.ts';
import { failed, ok, type Step } from './step.ts';

/** As long as Slack may take to process a small file. */
const SHARE_TIMEOUT_MS = 20_000;
const POLL_EVERY_MS = 500;

const uploadChart: Step = {
  name: 'chart',
  needs: [],
  async run(trial) {
    const { chat, clock, workspaceId } = trial;
    const startedMs = clock.monotonicMs();
    const image = { name: 'check.png', title: TRIAL.title, bytes: CHART, altText: TRIAL.chart };
    trial.chartId = await chat.uploadImage(workspaceId, image);
    return ok(TRIAL.processed(Math.round(clock.monotonicMs() - startedMs)));
  },
};

const share: Step = {
  name: 'file',
  needs: ['root'],
  async run(trial) {
    const { api, chat, clock, workspaceId, channelId, root } = trial;
    const startedMs = clock.monotonicMs();
    const thread = { workspaceId, channelId, rootId: root! };
    const file = { name: 'check.txt', title: TRIAL.title, bytes: FILE };
    const fileId = await chat.shareFile(thread, file, { resume: null, reserved: async () => {} });
    while (clock.monotonicMs() - startedMs < SHARE_TIMEOUT_MS) {
      if (isSharedIn(await fileInfo(api, fileId), channelId, root)) {
        trial.fileId = fileId;
        return ok(TRIAL.shared(Math.round(clock.monotonicMs() - startedMs)));
      }
      await clock.sleep(POLL_EVERY_MS, trial.signal);
    }
    return failed(TRIAL.notShared);
  },
};

const download: Step = {
  name: 'download',
  needs: ['fileId'],
  async run({ chat, workspaceId, fileId, hosts, signal }) {
    hosts.length = 0;
    const { bytes } = await chat.openFile(workspaceId, fileId!, { signal });
    const received = Buffer.concat(await Array.fromAsync(bytes));
    return received.equals(FILE)
      ? ok(TRIAL.downloaded(received.length, hosts))
      : failed(TRIAL.damaged(received.length, FILE.length));
  },
};

const remove: Step = {
  name: 'deleting',
  needs: ['fileId'],
  async run({ api, chat, workspaceId, fileId }) {
    await chat.deleteFile(workspaceId, fileId!);
    const fault = await faultOf(fileInfo(api, fileId!));
    if (fault === null) return { state: 'warning', message: TRIAL.fileStays };
    if (isGone(fault)) return ok(TRIAL.fileGone);
    throw fault;
  },
};

const faultOf = async (work: Promise<unknown>): Promise<AppError | null> => {
  try {
    await work;
    return null;
  } catch (error) {
    return toAppError(error);
  }
};

export const FILE_STEPS = { uploadChart, share, download, remove } as const;
