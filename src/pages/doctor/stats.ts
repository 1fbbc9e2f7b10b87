/** The path that a connection took. */
export interface Path {
  /** What the browser speaks: with the server, or with the relay where it is relayed. */
  readonly protocol: string;
  readonly relayed: boolean;
  /** `host:port` of the server's end, as far as the browser tells. */
  readonly to: string;
  readonly roundTripMs: number | null;
}

/** Statistics are as browsers have them; every member may be missing. */
type Entry = Readonly<Record<string, unknown>>;
/** What `RTCStatsReport` is, for tests that know no browser. */
type Report = ReadonlyMap<string, Entry>;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Null until one pair of candidates carries data. @see https://www.w3.org/TR/webrtc-stats/ */
export const pathOf = (report: Report): Path | null => {
  const entries = [...report.values()];
  const selected = textOf(entries.find(({ type }) => type === 'transport')?.selectedCandidatePairId);
  const pair = entries.find(
    ({ type, id, nominated, selected: chosen, state }) =>
      type === 'candidate-pair' &&
      // Firefox has no transport entry that names the pair, and marks it instead.
      (selected === '' ? state === 'succeeded' && (chosen === true || nominated === true) : id === selected),
  );
  const local = entries.find(({ id }) => id === pair?.localCandidateId);
  const remote = entries.find(({ id }) => id === pair?.remoteCandidateId);
  if (pair === undefined || local === undefined) return null;
  const relayed = local.candidateType === 'relay';
  const seconds = pair.currentRoundTripTime;
  const address = textOf(remote?.address);
  return {
    protocol: (relayed && textOf(local.relayProtocol)) || textOf(local.protocol),
    relayed,
    to: address === '' ? '' : `${address.includes(':') ? `[${address}]` : address}:${String(remote?.port)}`,
    roundTripMs: typeof seconds === 'number' ? Math.round(seconds * 1_000) : null,
  };
};

/** Of sound, so far. */
export const receivedBytesOf = (report: Report): number =>
  [...report.values()]
    .filter(({ type }) => type === 'inbound-rtp')
    .reduce((sum, { bytesReceived }) => sum + (typeof bytesReceived === 'number' ? bytesReceived : 0), 0);
