import { describe, expect, it } from 'vitest';
import {
  buildReport,
  type CheckName,
  decideVerdict,
  type Finding,
  NO_FINDINGS,
} from '../../../src/pages/doctor/findings.ts';
import { receivedBytes, selectedPath } from '../../../src/pages/doctor/stats.ts';

const ok: Finding = { state: 'ok', detail: 'fine' };
const failed: Finding = { state: 'failed', detail: 'broken' };
const skipped: Finding = { state: 'skipped', detail: 'none' };
const WELL = { secure: ok, socket: ok, udp: ok, tcp: ok, relay: skipped };

describe('the verdict', () => {
  it.each<[string, Partial<Record<CheckName, Finding>>, 'good' | 'limited' | 'bad', RegExp]>([
    ['everything works', {}, 'good', /Everything works/],
    ['TCP alone is closed', { tcp: failed }, 'good', /don’t need it here/],
    ['the relay is closed', { relay: failed }, 'good', /don’t need it here/],
    ['UDP is closed', { udp: failed }, 'limited', /slower on a busy network/],
    ['only the relay works', { udp: failed, tcp: failed, relay: ok }, 'limited', /UDP/],
    ['the page is not secure', { secure: failed }, 'limited', /https/],
    ['no media gets through', { udp: failed, tcp: failed, relay: failed }, 'bad', /another network/],
    ['nothing gets through', { socket: failed, udp: skipped, tcp: skipped }, 'bad', /proxy or firewall/],
  ])('when %s', (_what, changed, outcome, advice) => {
    const verdict = decideVerdict({ ...WELL, ...changed });
    expect(verdict).toMatchObject({ outcome, advice: expect.stringMatching(advice) });
  });

  it('waits for all checks', () => {
    expect(decideVerdict(NO_FINDINGS)).toBeNull();
    expect(decideVerdict({ ...WELL, relay: { state: 'running' } })).toBeNull();
  });
});

it('reports for an admin, one line a check', () => {
  const report = buildReport(
    { ...WELL, udp: failed },
    { host: 'parley.example', browser: 'Netscape', at: new Date(Date.UTC(2026, 10, 22, 9)) },
  );
  expect(report.split('\n')).toEqual([
    'Parley connection test, 2026-11-22T09:00:00.000Z',
    'Server: parley.example',
    'Browser: Netscape',
    '',
    'ok       Camera and microphone access: fine',
    'ok       Connection to Parley (WebSocket): fine',
    'FAILED   Audio and video over UDP: broken',
    'ok       Audio and video over TCP: fine',
    'skipped  Audio and video over the relay (TURN): none',
  ]);
});

describe('the path in a browser’s statistics', () => {
  const report = (entries: object[]) => new Map(entries.map((entry, index) => [String(index), { ...entry }]));
  const local = { id: 'L', type: 'local-candidate', candidateType: 'host', protocol: 'udp' };
  const remote = { id: 'R', type: 'remote-candidate', address: '203.0.113.5', port: 40_000 };
  const pair = { id: 'P', type: 'candidate-pair', localCandidateId: 'L', remoteCandidateId: 'R' };

  it('is the candidate pair that the transport names', () => {
    const other = { ...pair, id: 'O', localCandidateId: 'X' };
    const transport = { id: 'T', type: 'transport', selectedCandidatePairId: 'P' };
    expect(
      selectedPath(report([other, { ...pair, currentRoundTripTime: 0.0124 }, local, remote, transport])),
    ).toEqual({ protocol: 'udp', relayed: false, serverAddress: '203.0.113.5:40000', roundTripMs: 12 });
  });

  it('is the pair that is marked where there is no transport entry, as in Firefox', () => {
    const chosen = { ...pair, state: 'succeeded', selected: true, nominated: true };
    const relay = { ...local, candidateType: 'relay', relayProtocol: 'tcp' };
    expect(
      selectedPath(report([{ ...pair, id: 'O', state: 'failed', nominated: true }, chosen, relay, remote])),
    ).toEqual({
      protocol: 'tcp',
      relayed: true,
      serverAddress: '203.0.113.5:40000',
      roundTripMs: null,
    });
  });

  it('is none before a connection', () => {
    expect(selectedPath(report([{ ...pair, state: 'in-progress' }, local, remote]))).toBeNull();
    expect(receivedBytes(report([{ type: 'inbound-rtp', bytesReceived: 7 }, { type: 'inbound-rtp' }]))).toBe(
      7,
    );
  });
});
