/** The network path that media took. */
export interface MediaPath {
  /** `udp`, `tcp` or `tls`: with the server, or with the relay where it is relayed. */
  readonly protocol: string;
  readonly relayed: boolean;
  /** `host:port`; empty when the browser does not report it. */
  readonly serverAddress: string;
  readonly roundTripMs: number | null;
}

/** Browsers differ in what they report; every member may be missing. */
type StatsEntry = Readonly<Record<string, unknown>>;
/** An `RTCStatsReport`. */
type StatsReport = ReadonlyMap<string, StatsEntry>;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Null until a candidate pair is selected. @see https://www.w3.org/TR/webrtc-stats/ */
export const selectedPath = (report: StatsReport): MediaPath | null => {
  const entries = [...report.values()];
  const pair = selectedPair(entries);
  const local = entries.find(({ id }) => id === pair?.localCandidateId);
  const remote = entries.find(({ id }) => id === pair?.remoteCandidateId);
  if (pair === undefined || local === undefined) return null;
  const relayed = local.candidateType === 'relay';
  const roundTripS = pair.currentRoundTripTime;
  return {
    protocol: (relayed && textOf(local.relayProtocol)) || textOf(local.protocol),
    relayed,
    serverAddress: addressOf(remote),
    roundTripMs: typeof roundTripS === 'number' ? Math.round(roundTripS * 1_000) : null,
  };
};

const selectedPair = (entries: readonly StatsEntry[]): StatsEntry | undefined => {
  const selectedId = textOf(entries.find(({ type }) => type === 'transport')?.selectedCandidatePairId);
  return entries.find(
    ({ type, id, nominated, selected, state }) =>
      type === 'candidate-pair' &&
      // Firefox has no transport entry that names the pair, and marks the pair instead.
      (selectedId === ''
        ? state === 'succeeded' && (selected === true || nominated === true)
        : id === selectedId),
  );
};

const addressOf = (candidate: StatsEntry | undefined): string => {
  const address = textOf(candidate?.address);
  if (address === '') return '';
  return `${address.includes(':') ? `[${address}]` : address}:${String(candidate?.port)}`;
};

export const receivedBytes = (report: StatsReport): number =>
  [...report.values()]
    .filter(({ type }) => type === 'inbound-rtp')
    .reduce((sum, { bytesReceived }) => sum + (typeof bytesReceived === 'number' ? bytesReceived : 0), 0);
