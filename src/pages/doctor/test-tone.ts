/** A quiet steady tone to send instead of a microphone. It is not played here. */
export const createTestTone = (): { readonly track: MediaStreamTrack; close(): void } => {
  const context = new AudioContext();
  const oscillator = context.createOscillator();
  const destination = context.createMediaStreamDestination();
  oscillator.connect(destination);
  oscillator.start();
  const [track] = destination.stream.getAudioTracks();
  return {
    track: track!,
    close() {
      track!.stop();
      void context.close();
    },
  };
};
