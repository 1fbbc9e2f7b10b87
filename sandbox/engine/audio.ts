/** What every model of the engine hears: mono, this many samples a second, floats from -1 to 1. */
export const sampleRateHz = 16_000;
