import type { Page } from 'playwright-core';

/** Records what a page plays of others from now on. */
export const listenOn = async (page: Page): Promise<{ heard(): Promise<Int16Array> }> => {
  await page.evaluate(RECORD);
  return {
    /** All of it so far: 8 kHz. */
    async heard() {
      const base64 = await page.evaluate<string>('globalThis.heardByPage()');
      return new Int16Array(new Uint8Array(Buffer.from(base64, 'base64')).buffer);
    },
  };
};

/** As text, because it runs in the page. Voices that come later are taken in as they come. */
const RECORD = `(() => {
  const context = new AudioContext({ sampleRate: 8000 });
  const pieces = [];
  const recorder = context.createScriptProcessor(2048, 1, 1);
  recorder.onaudioprocess = ({ inputBuffer }) => {
    pieces.push(Int16Array.from(inputBuffer.getChannelData(0), (one) => Math.max(-1, Math.min(1, one)) * 32767));
  };
  recorder.connect(context.destination);
  const known = new Set();
  const look = () => {
    for (const { srcObject } of document.querySelectorAll('audio')) {
      for (const track of srcObject?.getAudioTracks() ?? []) {
        if (known.has(track.id)) continue;
        known.add(track.id);
        context.createMediaStreamSource(new MediaStream([track])).connect(recorder);
      }
    }
  };
  look();
  setInterval(look, 200);
  globalThis.heardByPage = () => {
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
