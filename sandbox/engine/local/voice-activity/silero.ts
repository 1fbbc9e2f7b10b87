import { InferenceSession, Tensor } from 'onnxruntime-node';
import { sileroFile } from '../model-files.ts';

/** Samples in one frame: 32 ms. */
export const frameSamples = 512;
/** Each frame is evaluated with the end of the one before. */
const contextSamples = 64;

/** The voice-activity model, shared by any number of streams. */
export class Silero {
  readonly #session: InferenceSession;
  private constructor(session: InferenceSession) {
    this.#session = session;
  }

  static async load(): Promise<Silero> {
    return new Silero(
      await InferenceSession.create(sileroFile(), {
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
        logSeverityLevel: 3,
      }),
    );
  }

  /** A session: the speech likelihood of each next frame, 0 to 1. Frames are `frameSamples` long. */
  stream(): (frame: Float32Array) => Promise<number> {
    const rate = new Tensor('int64', [16_000n], []);
    const input = new Float32Array(contextSamples + frameSamples);
    let state: Tensor = new Tensor('float32', new Float32Array(2 * 128), [2, 1, 128]);
    return async (frame) => {
      input.copyWithin(0, frameSamples);
      input.set(frame, contextSamples);
      const outputs = await this.#session.run({
        input: new Tensor('float32', input, [1, input.length]),
        state,
        sr: rate,
      });
      state = outputs.stateN as Tensor;
      return (outputs.output as Tensor).data[0] as number;
    };
  }
}
