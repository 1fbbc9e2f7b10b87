import type { Page } from 'playwright-core';

/** Records what a page plays of other participants from now on. */
export const recordAudioOf = async (page: Page): Promise<{ recorded(): Promise<Int16Array> }> => {
  await page.evaluate(RECORD);
  return {
    /** Everything so far, at 8 kHz. */
    async recorded() {
      const base64 = await page.evaluate<string>('globalThis.recordedAudio()');
      return new Int16Array(new Uint8Array(Buffer.from(base64, 'base64')).buffer);
    },
  };
};

/** As text, because it runs in the page. Tracks that are added later are recorded from then on. */
const RECORD = `(() => {
  const context = new AudioContext({ sampleRate: 8000 });
  const pieces = [];
  const recorder = context.createScriptProcessor(2048, 1, 1);
  recorder.onaudioprocess = ({ inputBuffer }) => {
    pieces.push(Int16Array.from(inputBuffer.getChannelData(0), (one) => Math.max(-1, Math.min(1, one)) * 32767));
  };
  recorder.connect(context.destination);
  const known = new Set();
  const addTracks = () => {
    for (const { srcObject } of document.querySelectorAll('audio')) {
      for (const track of srcObject?.getAudioTracks() ?? []) {
        if (known.has(track.id)) continue;
        known.add(track.id);
        context.createMediaStreamSource(new MediaStream([track])).connect(recorder);
      }
    }
  };
  addTracks();
  setInterval(addTracks, 200);
  globalThis.recordedAudio = () => {
    const bytes = new Uint8Array(pieces.reduce((sum, { byteLength }) => sum + byteLength, 0));
    let at = 0;
    for (const { buffer, byteLength } of pieces) {
      bytes.set(new Uint8Array(buffer), at);
      at += byteLength;
    }
    let text = '';
    for (let from = 0; from < bytes.length; from += 8192) text += String.fromCharCode(...bytes.subarray(from, from + 8192));
    return btoa(text);
  };
})()`;
