/** A quiet steady tone that is sent and played to nobody, so that no microphone is needed for a test. */
export const createSound = (): { readonly track: MediaStreamTrack; close(): void } => {
  const context = new AudioContext();
  const tone = context.createOscillator();
  const out = context.createMediaStreamDestination();
  tone.connect(out);
  tone.start();
  const [track] = out.stream.getAudioTracks();
  return {
    track: track!,
    close() {
      track!.stop();
      void context.close();
    },
  };
};
