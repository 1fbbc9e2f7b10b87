import { createHandset } from './handset.ts';

/** What TypeScript's library of the page leaves out: the world of audio worklets. @see https://webaudio.github.io/web-audio-api/#audioworkletglobalscope */
declare const sampleRate: number;
declare function registerProcessor(name: string, processor: new () => object): void;
declare const AudioWorkletProcessor: new () => { readonly port: MessagePort };

/** Sound of one telephone, on the browser's audio thread: its port takes pieces to hear and gives pieces to send. */
class TelephoneProcessor extends AudioWorkletProcessor {
  private readonly handset = createHandset(sampleRate);

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => this.handset.hear(new Uint8Array(data));
  }

  process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const microphone = inputs[0]?.[0];
    // Without a microphone nothing is sent, and the network fills in silence.
    if (microphone) {
      for (const piece of this.handset.speak(microphone)) this.port.postMessage(piece.buffer);
    }
    const speaker = outputs[0]?.[0];
    if (speaker) this.handset.play(speaker);
    return true;
  }
}

registerProcessor('telephone', TelephoneProcessor);
