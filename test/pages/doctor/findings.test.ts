import { describe, expect, it } from 'vitest';
import {
  type CheckName,
  type Finding,
  NOTHING_YET,
  reportOf,
  verdictOf,
} from '../../../src/pages/doctor/findings.ts';
import { pathOf, receivedBytesOf } from '../../../src/pages/doctor/stats.ts';

const ok: Finding = { state: 'ok', said: 'fine' };
const failed: Finding = { state: 'failed', said: 'broken' };
const skipped: Finding = { state: 'skipped', said: 'none' };
const WELL = { secure: ok, socket: ok, udp: ok, tcp: ok, relay: skipped };

describe('the verdict', () => {
  it.each<[string, Partial<Record<CheckName, Finding>>, 'yes' | 'partly' | 'no', RegExp]>([
    ['everything works', {}, 'yes', /Everything works/],
    ['TCP alone is closed', { tcp: failed }, 'yes', /do not need it here/],
    ['the relay is closed', { relay: failed }, 'yes', /do not need it here/],
    ['UDP is closed', { udp: failed }, 'partly', /with some delay|stutters/],
    ['only the relay works', { udp: failed, tcp: failed, relay: ok }, 'partly', /UDP/],
    ['the page is not secure', { secure: failed }, 'partly', /https/],
    ['no media gets through', { udp: failed, tcp: failed, relay: failed }, 'no', /another network/],
    ['nothing gets through', { socket: failed, udp: skipped, tcp: skipped }, 'no', /proxy or a firewall/],
  ])('when %s', (_what, changed, good, advice) => {
    const verdict = verdictOf({ ...WELL, ...changed });
    expect(verdict).toMatchObject({ good, advice: expect.stringMatching(advice) });
  });

  it('is not given before everything is known', () => {
    expect(verdictOf(NOTHING_YET)).toBeNull();
    expect(verdictOf({ ...WELL, relay: { state: 'running' } })).toBeNull();
  });
});

it('reports for an administrator, a line a check', () => {
  const report = reportOf(
    { ...WELL, udp: failed },
    { host: 'parley.example', browser: 'Netscape', at: new Date(Date.UTC(2026, 10, 22, 9)) },
  );
  expect(report.split('\n')).toEqual([
    'Parley connection test, 2026-11-22T09:00:00.000Z',
    'Parley at: parley.example',
    'Browser: Netscape',
    '',
    'ok      Camera and microphone allowed on this page: fine',
    'ok      Messages to Parley (WebSocket): fine',
    'FAILED  Sound and picture, the usual way (UDP): broken',
    'ok      Sound and picture, the second way (TCP): fine',
    '–       Sound and picture through the relay (TURN): none',
  ]);
});

describe('what a browser says of its path', () => {
  const report = (entries: object[]) => new Map(entries.map((entry, index) => [String(index), { ...entry }]));
  const local = { id: 'L', type: 'local-candidate', candidateType: 'host', protocol: 'udp' };
  const remote = { id: 'R', type: 'remote-candidate', address: '203.0.113.5', port: 40_000 };
  const pair = { id: 'P', type: 'candidate-pair', localCandidateId: 'L', remoteCandidateId: 'R' };

  it('is the pair that the transport names', () => {
    const other = { ...pair, id: 'O', localCandidateId: 'X' };
    const transport = { id: 'T', type: 'transport', selectedCandidatePairId: 'P' };
    expect(
      pathOf(report([other, { ...pair, currentRoundTripTime: 0.0124 }, local, remote, transport])),
    ).toEqual({ protocol: 'udp', relayed: false, to: '203.0.113.5:40000', roundTripMs: 12 });
  });

  it('is the one that is marked where no transport is told, as in Firefox', () => {
    const chosen = { ...pair, state: 'succeeded', selected: true, nominated: true };
    const relay = { ...local, candidateType: 'relay', relayProtocol: 'tcp' };
    expect(
      pathOf(report([{ ...pair, id: 'O', state: 'failed', nominated: true }, chosen, relay, remote])),
    ).toEqual({
      protocol: 'tcp',
      relayed: true,
      to: '203.0.113.5:40000',
      roundTripMs: null,
    });
  });

  it('is none as long as nothing is connected', () => {
    expect(pathOf(report([{ ...pair, state: 'in-progress' }, local, remote]))).toBeNull();
    expect(
      receivedBytesOf(report([{ type: 'inbound-rtp', bytesReceived: 7 }, { type: 'inbound-rtp' }])),
    ).toBe(7);
  });
});
