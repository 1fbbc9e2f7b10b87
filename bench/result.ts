/** One figure of a measurement. */
export interface BenchResult {
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  /** What the figure is held against, as text: "at most 1.05". Missing: the figure is there to be read. */
  readonly goal?: { readonly atMost: number } | { readonly atLeast: number };
}

/** A measurement: `run` does all of it and cleans up after itself. `BENCH_SHORT=1` asks for its short form. */
export interface Bench {
  readonly name: string;
  run(): Promise<readonly BenchResult[]>;
}

export const isShort = (): boolean => process.env.BENCH_SHORT === '1';

/** The value below which the given fraction of the samples lies. */
export const quantile = (samples: readonly number[], fraction: number): number => {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? Number.NaN;
};
