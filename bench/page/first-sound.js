/* Runs in the page, before its scripts: the time from Join to the first audio of another participant. */
(() => {
  const POLL_MS = 10;
  const Original = window.RTCPeerConnection;
  const connections = new Set();
  window.RTCPeerConnection = class extends Original {
    constructor(...given) {
      super(...given);
      connections.add(this);
    }
  };

  const isHeard = async (connection) => {
    for (const report of (await connection.getStats()).values()) {
      if (report.type === 'inbound-rtp' && report.kind === 'audio' && report.totalAudioEnergy > 0)
        return true;
    }
    return false;
  };
  const firstSound = async (heardBy) => {
    for (;;) {
      for (const connection of heardBy()) if (await isHeard(connection)) return performance.now();
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  };

  window.firstSound = {
    /** Milliseconds from the press of the button with this text to the first audio. */
    afterPressing: (text) =>
      new Promise((resolve) => {
        const press = (event) => {
          if (!event.target.closest('button')?.textContent.includes(text)) return;
          removeEventListener('click', press, true);
          const pressedMs = performance.now();
          void firstSound(() => connections).then((heardMs) => resolve(heardMs - pressedMs));
        };
        addEventListener('click', press, true);
      }),
    /** The same between two connections of one page, without signalling or server. */
    bare: async () => {
      const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
      const startedMs = performance.now();
      const [from, to] = [new Original(), new Original()];
      from.onicecandidate = ({ candidate }) => to.addIceCandidate(candidate);
      to.onicecandidate = ({ candidate }) => from.addIceCandidate(candidate);
      to.ontrack = ({ streams }) => {
        // Audio that is not played is not decoded.
        const element = new Audio();
        element.srcObject = streams[0];
        element.play().catch(() => {});
      };
      from.addTrack(microphone.getAudioTracks()[0], microphone);
      await from.setLocalDescription();
      await to.setRemoteDescription(from.localDescription);
      await to.setLocalDescription();
      await from.setRemoteDescription(to.localDescription);
      const tookMs = (await firstSound(() => [to])) - startedMs;
      from.close();
      to.close();
      for (const track of microphone.getTracks()) track.stop();
      return tookMs;
    },
  };
})();
