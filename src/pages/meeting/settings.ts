/** What somebody chose on this device, kept in the browser alone. */
export interface Settings {
  readonly microphoneId: string | null;
  readonly cameraId: string | null;
  readonly speakerId: string | null;
  readonly microphoneOn: boolean;
  readonly cameraOn: boolean;
  readonly captionSize: CaptionSize;
  readonly captionPlace: 'top' | 'bottom';
  readonly captionLines: 2 | 3;
  /** Single keys as shortcuts; some software for reading and dictating needs them itself. */
  readonly keys: boolean;
}
export type CaptionSize = 'small' | 'medium' | 'large' | 'huge';

export const DEFAULT_SETTINGS: Settings = {
  microphoneId: null,
  cameraId: null,
  speakerId: null,
  microphoneOn: true,
  cameraOn: true,
  captionSize: 'medium',
  captionPlace: 'bottom',
  captionLines: 3,
  keys: true,
};

const KEY = 'parley-meeting';
type Kept = Pick<Storage, 'getItem' | 'setItem'>;

/** Whatever is kept that is not a setting of this version is passed over. */
export const readSettings = (storage: () => Kept): Settings => {
  try {
    const kept: unknown = JSON.parse(storage().getItem(KEY) ?? '{}');
    return typeof kept === 'object' && kept !== null ? withKnown(kept) : DEFAULT_SETTINGS;
  } catch {
    // A browser that keeps nothing for this page, or somebody else's words under this key.
    return DEFAULT_SETTINGS;
  }
};

export const writeSettings = (storage: () => Kept, settings: Settings): void => {
  try {
    storage().setItem(KEY, JSON.stringify(settings));
  } catch {
    // Nothing is kept, and the meeting goes on.
  }
};

const text = (value: unknown): value is string => typeof value === 'string' && value.length <= 500;
const flag = (value: unknown): boolean => typeof value === 'boolean';
const oneOf =
  (...choices: readonly unknown[]) =>
  (value: unknown): boolean =>
    choices.includes(value);

const KNOWN: { readonly [K in keyof Settings]: (value: unknown) => boolean } = {
  microphoneId: text,
  cameraId: text,
  speakerId: text,
  microphoneOn: flag,
  cameraOn: flag,
  captionSize: oneOf('small', 'medium', 'large', 'huge'),
  captionPlace: oneOf('top', 'bottom'),
  captionLines: oneOf(2, 3),
  keys: flag,
};

const withKnown = (kept: object): Settings => ({
  ...DEFAULT_SETTINGS,
  ...Object.fromEntries(
    Object.entries(kept).filter(([key, value]) => KNOWN[key as keyof Settings]?.(value) ?? false),
  ),
});
