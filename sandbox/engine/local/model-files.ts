import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';

/** The folder of a package with model files. */
const folderOf = (packageName: string): string => {
  const manifest = findPackageJSON(packageName, import.meta.url);
  if (!manifest) throw new Error(`The package ${packageName} is not installed; run npm ci.`);
  return dirname(manifest);
};

export const moonshineFiles = (size: 'tiny' | 'base'): { encoder: string; decoder: string } => {
  const folder = join(folderOf('@usefulsensors/moonshine-js'), 'dist/model', size, 'quantized');
  return {
    encoder: join(folder, 'encoder_model.onnx'),
    decoder: join(folder, 'decoder_model_merged.onnx'),
  };
};

/** The voice-activity model. The package has older ones beside it. */
export const sileroFile = (): string => join(folderOf('@ricky0123/vad-web'), 'dist/silero_vad_v6.onnx');
