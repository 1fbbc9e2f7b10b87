/** How often the level is reported: smooth to the eye, and cheap. */
const INTERVAL_MS = 60;
/** A quiet room, and a voice close by; in dB relative to full scale. */
const QUIET_DB = -60;
const LOUD_DB = -10;

/** Measures a microphone's level, 0 to 1. Returns the function that ends it. */
export const meterLevel = (track: MediaStreamTrack, onLevel: (level: number) => void): (() => void) => {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  const source = context.createMediaStreamSource(new MediaStream([track]));
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let shown = 0;
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    const db = 10 * Math.log10(power + 1e-12);
    const level = Math.min(1, Math.max(0, (db - QUIET_DB) / (LOUD_DB - QUIET_DB)));
    // Fast attack, slow release.
    shown = Math.max(level, shown * 0.85);
    onLevel(shown);
  }, INTERVAL_MS);
  // Browsers start an audio context only after the person's first interaction.
  const resume = (): void => void context.resume();
  resume();
  for (const interaction of ['pointerdown', 'keydown']) document.addEventListener(interaction, resume);
  return () => {
    clearInterval(timer);
    for (const interaction of ['pointerdown', 'keydown']) {
      document.removeEventListener(interaction, resume);
    }
    void context.close();
  };
};
