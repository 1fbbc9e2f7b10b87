/** How often a bar moves; smoother than anybody needs, and cheap. */
const EVERY_MS = 60;
/** A quiet room, and a voice close by; in decibels relative to full scale. */
const QUIET_DB = -60;
const LOUD_DB = -10;

/** Measures a microphone: `tell` gets 0 to 1. Returns what ends it. */
export const meterLevel = (track: MediaStreamTrack, tell: (level: number) => void): (() => void) => {
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
    // Up at once and down slowly, as meters do.
    shown = Math.max(level, shown * 0.85);
    tell(shown);
  }, EVERY_MS);
  // Browsers start it on a person's first act only.
  const wake = (): void => void context.resume();
  wake();
  for (const act of ['pointerdown', 'keydown']) document.addEventListener(act, wake);
  return () => {
    clearInterval(timer);
    for (const act of ['pointerdown', 'keydown']) document.removeEventListener(act, wake);
    void context.close();
  };
};
