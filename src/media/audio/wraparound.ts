/**
 * Unwraps a counter of `bits` bits: each value is taken as the nearest one to the value before, so it may also go back.
 */
export const createUnwrapper = (bits: 16 | 32): ((value: number) => number) => {
  const span = 2 ** bits;
  let last: number | null = null;
  return (value) => {
    last ??= value;
    const ahead = (((value - last) % span) + span) % span;
    last += ahead < span / 2 ? ahead : ahead - span;
    return last;
  };
};
