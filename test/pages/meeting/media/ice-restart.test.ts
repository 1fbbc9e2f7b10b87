import { Device, FakeHandler, testFakeParameters } from 'mediasoup-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createIceRestarter } from '../../../../src/pages/meeting/media/ice-restart.ts';

/** The page’s real transport, whose connection state a test sets. */
const openTransport = async () => {
  const device = new Device({ handlerFactory: FakeHandler.createFactory(testFakeParameters) });
  await device.load({ routerRtpCapabilities: testFakeParameters.generateRouterRtpCapabilities() });
  const transport = device.createSendTransport(testFakeParameters.generateTransportRemoteParameters());
  const requestRestart = vi.fn(
    async () => testFakeParameters.generateTransportRemoteParameters().iceParameters,
  );
  const failed = vi.fn();
  const restarter = createIceRestarter(transport, { requestRestart, failed });
  const handler = transport.handler as FakeHandler;
  handler.setConnectionState('connected');
  return { transport, handler, restarter, requestRestart, failed };
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a media path that breaks', () => {
  it('is replaced when it has not recovered after 1.5 s', async () => {
    const { handler, requestRestart, failed } = await openTransport();
    handler.setConnectionState('disconnected');
    await vi.advanceTimersByTimeAsync(1_499);
    expect(requestRestart).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(requestRestart).toHaveBeenCalledOnce();
    handler.setConnectionState('connected');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(failed).not.toHaveBeenCalled();
  });

  it('is left alone when it recovers by itself', async () => {
    const { handler, requestRestart } = await openTransport();
    handler.setConnectionState('disconnected');
    await vi.advanceTimersByTimeAsync(1_000);
    handler.setConnectionState('connected');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(requestRestart).not.toHaveBeenCalled();
  });

  it('is replaced at once when the channel reconnects meanwhile', async () => {
    const { handler, restarter, requestRestart } = await openTransport();
    handler.setConnectionState('disconnected');
    restarter.restart();
    await vi.advanceTimersByTimeAsync(0);
    expect(requestRestart).toHaveBeenCalledOnce();
  });

  it('is replaced at once when it failed, and given up after 8 s without a new one', async () => {
    const { handler, requestRestart, failed } = await openTransport();
    handler.setConnectionState('failed');
    await vi.advanceTimersByTimeAsync(0);
    expect(requestRestart).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(7_999);
    expect(failed).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(failed).toHaveBeenCalledOnce();
  });
});

it('a channel that reconnects replaces a path that still looks connected: the page may not know yet', async () => {
  const { restarter, requestRestart } = await openTransport();
  restarter.restart();
  await vi.advanceTimersByTimeAsync(0);
  expect(requestRestart).toHaveBeenCalledOnce();
});

it('a closed transport is not restarted', async () => {
  const { transport, handler, requestRestart, failed } = await openTransport();
  handler.setConnectionState('disconnected');
  transport.close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(requestRestart).not.toHaveBeenCalled();
  expect(failed).not.toHaveBeenCalled();
});
