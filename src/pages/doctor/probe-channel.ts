import type { ProbeRequest, ProbeResponses } from '../../media/connectivity/messages.ts';
import { type ChannelLost, openRequestChannel, type RequestChannel } from '../shared/request-channel.ts';

interface ProbeProtocol {
  readonly request: ProbeRequest;
  readonly responses: ProbeResponses;
  readonly notification: never;
}

/** Not reopened when it is lost: that is a finding. A late response fails its check alone. */
export type ProbeChannel = RequestChannel<ProbeProtocol>;

const TIMEOUT_MS = 8_000;

/** Resolves once the channel is open. @throws ChannelLost when it does not open */
export const openProbeChannel = (url: string): Promise<ProbeChannel> =>
  new Promise((resolve, reject) => {
    const channel: ProbeChannel = openRequestChannel<ProbeProtocol>({
      url,
      timeoutMs: TIMEOUT_MS,
      keepOnTimeout: true,
      on: { opened: () => resolve(channel), closed: (lost: ChannelLost) => reject(lost) },
    });
  });
