/** The part of the package's emscripten module that Parley calls; the package itself brings no types. */
declare module '@echogarden/fvad-wasm' {
  export interface FvadModule {
    /** Replaced whenever the module's memory grows, so it is never kept. */
    readonly HEAP16: Int16Array;
    _malloc(sizeBytes: number): number;
    _free(pointer: number): void;
    _fvad_new(): number;
    _fvad_free(detector: number): void;
    /** 0 when it was accepted. */
    _fvad_set_mode(detector: number, mode: number): number;
    _fvad_set_sample_rate(detector: number, rateHz: number): number;
    /** 1 voice, 0 none, -1 for a frame that is neither 10, 20 nor 30 ms long. */
    _fvad_process(detector: number, samples: number, count: number): number;
  }
  export default function load(): Promise<FvadModule>;
}
