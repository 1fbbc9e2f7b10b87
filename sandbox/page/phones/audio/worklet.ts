import { createHandset } from './handset.ts';

/** Globals of an audio worklet, which TypeScript's DOM library leaves out. @see https://webaudio.github.io/web-audio-api/#audioworkletglobalscope */
declare const sampleRate: number;
declare function registerProcessor(name: string, processor: new () => object): void;
declare const AudioWorkletProcessor: new () => { readonly port: MessagePort };

/** The audio of one phone, on the browser's audio thread: its port receives frames to play and posts frames to send. */
class PhoneProcessor extends AudioWorkletProcessor {
  private readonly handset = createHandset(sampleRate);

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => this.handset.receive(new Uint8Array(data));
  }

  process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const microphone = inputs[0]?.[0];
    // Without a microphone nothing is sent, and the network fills in silence.
    if (microphone) {
      for (const frame of this.handset.encode(microphone)) this.port.postMessage(frame.buffer);
    }
    const speaker = outputs[0]?.[0];
    if (speaker) this.handset.render(speaker);
    return true;
  }
}

registerProcessor('phone', PhoneProcessor);
