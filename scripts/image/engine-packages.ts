/**
 * Prints a `package.json` with the packages of the local speech engine and no others, in the versions of Parley's own:
 * for an image of the engine.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** What `sandbox/engine/main.ts` loads, and the models. A test compares them with its imports. */
export const ENGINE_PACKAGES = [
  '@ricky0123/vad-web',
  '@usefulsensors/moonshine-js',
  'llama-tokenizer-js',
  'node-av',
  'onnxruntime-node',
  'ws',
  'zod',
];

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly overrides: Readonly<Record<string, string>>;
}

/** The text of that `package.json`. */
const engineManifest = (): string => {
  const root = path.join(import.meta.dirname, '../..');
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;
  const versions = { ...manifest.dependencies, ...manifest.devDependencies };
  const { optionalDependencies, overrides } = manifest;
  const dependencies = Object.fromEntries(ENGINE_PACKAGES.map((name) => [name, versions[name]]));
  // The optional ones are Node itself.
  return JSON.stringify({ private: true, type: 'module', dependencies, optionalDependencies, overrides });
};

if (import.meta.main) console.log(engineManifest());
