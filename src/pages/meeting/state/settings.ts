/** A person's choices on this device, kept in the browser's storage. */
export interface Settings {
  readonly microphoneId: string | null;
  readonly cameraId: string | null;
  readonly speakerId: string | null;
  readonly microphoneOn: boolean;
  readonly cameraOn: boolean;
  readonly captionSize: 'small' | 'medium' | 'large' | 'huge';
  readonly captionPosition: 'top' | 'bottom';
  readonly captionLines: 2 | 3;
  /** Single-key shortcuts; some screen readers and dictation software need the keys themselves. */
  readonly shortcuts: boolean;
}

export const DEFAULT_SETTINGS: Settings = {
  microphoneId: null,
  cameraId: null,
  speakerId: null,
  microphoneOn: true,
  cameraOn: true,
  captionSize: 'medium',
  captionPosition: 'bottom',
  captionLines: 3,
  shortcuts: true,
};

const STORAGE_KEY = 'parley-meeting';
/** Names under which browsers stored a setting before it had its present one. */
const STORED_NAMES: Readonly<Record<string, keyof Settings>> = {
  captionPlace: 'captionPosition',
  keys: 'shortcuts',
};
type SettingsStorage = Pick<Storage, 'getItem' | 'setItem'>;

/** What is stored and no setting of this version is ignored. */
export const readSettings = (storage: () => SettingsStorage): Settings => {
  try {
    const stored: unknown = JSON.parse(storage().getItem(STORAGE_KEY) ?? '{}');
    return typeof stored === 'object' && stored !== null ? parseSettings(stored) : DEFAULT_SETTINGS;
  } catch {
    // Another page's value under this key, or no storage.
    return DEFAULT_SETTINGS;
  }
};

export const writeSettings = (storage: () => SettingsStorage, settings: Settings): void => {
  try {
    storage().setItem(STORAGE_KEY, JSON.stringify(settings));
  } catch {
    // Without storage they last as long as the page.
  }
};

const isText = (value: unknown): boolean => typeof value === 'string' && value.length <= 500;
const isFlag = (value: unknown): boolean => typeof value === 'boolean';
const isOneOf =
  (...choices: readonly unknown[]) =>
  (value: unknown): boolean =>
    choices.includes(value);

const IS_VALID: { readonly [K in keyof Settings]: (value: unknown) => boolean } = {
  microphoneId: isText,
  cameraId: isText,
  speakerId: isText,
  microphoneOn: isFlag,
  cameraOn: isFlag,
  captionSize: isOneOf('small', 'medium', 'large', 'huge'),
  captionPosition: isOneOf('top', 'bottom'),
  captionLines: isOneOf(2, 3),
  shortcuts: isFlag,
};

const parseSettings = (stored: object): Settings => ({
  ...DEFAULT_SETTINGS,
  ...Object.fromEntries(
    Object.entries(stored)
      .map(([name, value]) => [STORED_NAMES[name] ?? name, value] as const)
      .filter(([name, value]) => IS_VALID[name as keyof Settings]?.(value) ?? false),
  ),
});
