import { concatSamples } from '../../../common/audio.ts';
import { dot, meanOf, toUnit, toVoices, type VoiceSpace } from './voice-space.ts';

/**
 * Diarization: average-linkage clustering of voice vectors on cosine distance. No model for it is available without an
 * account, so the result is approximate.
 */

export interface VoiceWindow {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/**
 * Clusters further apart than this (cosine distance, 0 to 2) are different voices. Higher finds fewer. The
 * middle of the range (0.7 to 0.85) in which real and synthetic recordings are separated best.
 */
const mergeDistance = 0.78;
/** Clustering is quadratic: beyond 15 minutes of speech, an even sample of the windows is clustered. */
const mostClustered = 1500;
/** A voice with a smaller share of the windows, or with fewer than two, joins its nearest neighbour. */
const leastShare = 0.06;
const leastWindows = 2;
/**
 * With one voice at `mergeDistance`, its two halves are checked again: conversations of two similar voices had a
 * silhouette of at least 0.46, long monologues of at most 0.29. Short ones are not checked, because overlapping windows
 * are always similar.
 */
const leastToDoubt = 15;
const alikeDistance = 0.4;
const leastShareOfPair = 0.15;
const leastSilhouette = 0.4;

/** A label per window, 0-based, in the order of first appearance. */
export const labelVoices = (vectors: Float32Array, space: VoiceSpace): Int32Array => {
  const voices = toVoices(vectors, space);
  if (voices.length === 0) return new Int32Array(0);
  const sampled = sample(voices.length);
  const { labels: known, centres } = cluster(sampled.map((row) => voices[row] as Float32Array));
  const labels = Int32Array.from(voices, (voice) => nearest(centres, voice));
  sampled.forEach((row, i) => {
    labels[row] = known[i] as number;
  });
  return inOrderOfAppearance(labels);
};

export interface SpeakerOfWord {
  readonly speaker: number;
  /** The share of the windows over the word that agree; 0 to 1. */
  readonly speakerConfidence: number;
}

/**
 * Assigns a speaker to each word of a segment: the windows over it vote every tenth of a second. A short turn between two
 * words of the same other speaker is taken for an error.
 */
export const settleSpeakers = <Word extends { startSeconds: number; endSeconds: number }>(
  words: readonly Word[],
  windows: readonly VoiceWindow[],
  labels: ArrayLike<number>,
): (Word & SpeakerOfWord)[] => {
  const settled = words.map((word) => ({ ...word, ...voteOn(word, windows, labels) }));
  for (const run of runsOf(settled)) {
    const before = settled[run.from - 1];
    const after = settled[run.to];
    if (!before || !after || before.speaker !== after.speaker) continue;
    const seconds = settled[run.to - 1]!.endSeconds - settled[run.from]!.startSeconds;
    if (seconds >= shortestTurnSeconds) continue;
    for (let i = run.from; i < run.to; i++) settled[i] = { ...settled[i]!, speaker: before.speaker };
  }
  return settled;
};

const shortestTurnSeconds = 0.6;
const voteEverySeconds = 0.1;

const voteOn = (
  word: { startSeconds: number; endSeconds: number },
  windows: readonly VoiceWindow[],
  labels: ArrayLike<number>,
): SpeakerOfWord => {
  const votes = new Map<number, number>();
  let all = 0;
  for (let at = word.startSeconds; at <= word.endSeconds; at += voteEverySeconds)
    windows.forEach((window, i) => {
      if (at < window.startSeconds || at > window.endSeconds) return;
      // The middle of a window counts more than its edges.
      const half = Math.max((window.endSeconds - window.startSeconds) / 2, 0.01);
      const weight = 1.05 - Math.abs(at - window.startSeconds - half) / half;
      votes.set(labels[i]!, (votes.get(labels[i]!) ?? 0) + weight);
      all += weight;
    });
  const [speaker, weight] = [...votes].reduce((best, vote) => (vote[1] > best[1] ? vote : best), [0, 0]);
  return { speaker, speakerConfidence: all > 0 ? weight / all : 0 };
};

const runsOf = (words: readonly SpeakerOfWord[]): { from: number; to: number }[] => {
  const runs: { from: number; to: number }[] = [];
  words.forEach((word, i) => {
    const last = runs.at(-1);
    if (last && words[last.from]!.speaker === word.speaker) last.to = i + 1;
    else runs.push({ from: i, to: i + 1 });
  });
  return runs;
};

const sample = (count: number): number[] => {
  const taken = Math.min(count, mostClustered);
  return Array.from({ length: taken }, (_, i) => Math.floor((i * count) / taken));
};

const distance = (a: Float32Array, b: Float32Array): number => 1 - dot(a, b);

interface Clusters {
  /** The cluster of each row. */
  readonly labels: Int32Array;
  /** One a cluster, of unit length. */
  readonly centres: readonly Float32Array[];
}

/** Agglomerative clustering by nearest-neighbour chains: quadratic in time, exact for average linkage. */
const cluster = (rows: readonly Float32Array[]): Clusters => {
  const n = rows.length;
  const between = new Float32Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++) {
      const d = distance(rows[i] as Float32Array, rows[j] as Float32Array);
      between[i * n + j] = d;
      between[j * n + i] = d;
    }
  const merges = chainMerges(between, n).sort((x, y) => x.distance - y.distance);
  const found = absorbSmall(
    rootsAfter(
      merges.filter((merge) => merge.distance <= mergeDistance),
      n,
    ),
    rows,
  );
  if (found.centres.length > 1 || n < leastToDoubt) return found;
  // Two similar voices are close, but well separated; the halves of one voice are not.
  const split = absorbSmall(rootsAfter(merges.slice(0, -1), n), rows);
  return (merges.at(-1)?.distance ?? 0) >= alikeDistance && isPair(split, rows) ? split : found;
};

const rootsAfter = (merges: readonly Merge[], n: number): number[] => {
  const parent = Int32Array.from({ length: n }, (_, i) => i);
  const root = (i: number): number => {
    let at = i;
    while (parent[at] !== at) at = parent[at] as number;
    return at;
  };
  for (const { a, b } of merges) parent[root(a)] = root(b);
  return Array.from({ length: n }, (_, i) => root(i));
};

/** Whether two clusters are both large and well apart: their mean silhouette. */
const isPair = ({ labels, centres }: Clusters, rows: readonly Float32Array[]): boolean => {
  if (centres.length !== 2) return false;
  const sides = [0, 1].map((side) => rows.filter((_, i) => labels[i] === side));
  if (sides.some((side) => side.length < rows.length * leastShareOfPair)) return false;
  const means = sides.map((side) => meanOf(concatSamples(side), side.length));
  let sum = 0;
  rows.forEach((row, i) => {
    const own = labels[i] as number;
    const count = sides[own]!.length;
    // A row is no evidence for its own cluster.
    const within = 1 - (dot(row, means[own]!) * count - 1) / (count - 1);
    const across = 1 - dot(row, means[1 - own]!);
    sum += (across - within) / Math.max(across, within);
  });
  return sum / rows.length >= leastSilhouette;
};

interface Merge {
  readonly a: number;
  readonly b: number;
  readonly distance: number;
}

const chainMerges = (between: Float32Array, n: number): Merge[] => {
  const sizes = new Int32Array(n).fill(1);
  const active = new Set(Array.from({ length: n }, (_, i) => i));
  const merges: Merge[] = [];
  const chain: number[] = [];
  while (active.size > 1) {
    if (chain.length === 0) chain.push(active.values().next().value as number);
    const top = chain.at(-1) as number;
    const before = chain.at(-2);
    let closest = before ?? -1;
    let least = before === undefined ? Number.POSITIVE_INFINITY : (between[top * n + before] as number);
    for (const other of active) {
      const d = between[top * n + other] as number;
      if (other !== top && d < least) {
        least = d;
        closest = other;
      }
    }
    if (closest !== before) {
      chain.push(closest);
      continue;
    }
    chain.length -= 2;
    merges.push({ a: top, b: closest, distance: least });
    const [sa, sb] = [sizes[top] as number, sizes[closest] as number];
    for (const other of active) {
      if (other === top || other === closest) continue;
      const mean =
        (sa * (between[top * n + other] as number) + sb * (between[closest * n + other] as number)) /
        (sa + sb);
      between[closest * n + other] = mean;
      between[other * n + closest] = mean;
    }
    sizes[closest] = sa + sb;
    active.delete(top);
  }
  return merges;
};

/** A few windows on their own are a laugh, a cough or an overlap, not another person. */
const absorbSmall = (roots: number[], rows: readonly Float32Array[]): Clusters => {
  const groups = [...Map.groupBy(roots.keys(), (i) => roots[i] as number).values()];
  groups.sort((a, b) => b.length - a.length);
  const least = Math.max(leastWindows, roots.length * leastShare);
  const large = groups.filter((members, i) => i === 0 || members.length >= least);
  const centres = large.map((members) => centreOf(members.map((i) => rows[i] as Float32Array)));
  const labels = new Int32Array(roots.length);
  groups.forEach((members, which) => {
    for (const i of members)
      labels[i] = which < large.length ? which : nearest(centres, rows[i] as Float32Array);
  });
  return { labels, centres };
};

const centreOf = (rows: readonly Float32Array[]): Float32Array =>
  toUnit(meanOf(concatSamples(rows), rows.length));

const nearest = (centres: readonly Float32Array[], row: Float32Array): number => {
  let best = 0;
  centres.forEach((centre, i) => {
    if (distance(centre, row) < distance(centres[best] as Float32Array, row)) best = i;
  });
  return best;
};

const inOrderOfAppearance = (labels: Int32Array): Int32Array => {
  const order = new Map<number, number>();
  return labels.map((label) => {
    if (!order.has(label)) order.set(label, order.size);
    return order.get(label) as number;
  });
};
