import { ControlError } from './control/errors.ts';

export interface Failures<Name extends string> {
  /** Whether to fail now. Counts down a mode that is on for a number of times. */
  shouldFail(name: Name): boolean;
  /** Whether the mode is on, without counting down. */
  isOn(name: Name): boolean;
  /** Every mode. */
  known(): { name: string; description: string }[];
  /** The modes that are on: `api-500`, or `api-500:3` for the next three times. */
  active(): string[];
  /** Replaces the modes that are on. Throws `ControlError` for an unknown name. */
  set(modes: readonly string[]): void;
  onChange(listener: () => void): void;
}

/** The failure modes of one or more simulators. `known` describes each mode. */
export const createFailures = <Name extends string>(
  known: Readonly<Record<Name, string>>,
): Failures<Name> => {
  const remaining = new Map<Name, number>();
  const listeners: (() => void)[] = [];
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  return {
    shouldFail: (name) => {
      const left = remaining.get(name);
      if (left === undefined) return false;
      if (left === Number.POSITIVE_INFINITY) return true;
      if (left > 1) remaining.set(name, left - 1);
      else remaining.delete(name);
      changed();
      return true;
    },
    isOn: (name) => remaining.has(name),
    known: () => Object.entries<string>(known).map(([name, description]) => ({ name, description })),
    active: () =>
      [...remaining].map(([name, left]) => (left === Number.POSITIVE_INFINITY ? name : `${name}:${left}`)),
    set: (modes) => {
      const parsed = modes.map((mode) => parseMode(known, mode));
      remaining.clear();
      for (const [name, times] of parsed) remaining.set(name, times);
      changed();
    },
    onChange: (listener) => void listeners.push(listener),
  };
};

const parseMode = <Name extends string>(
  known: Readonly<Record<Name, string>>,
  mode: string,
): [Name, number] => {
  const [name = '', times] = mode.split(':');
  if (!Object.hasOwn(known, name)) {
    throw new ControlError(
      400,
      `There is no failure mode "${name}". Known: ${Object.keys(known).join(', ')}.`,
    );
  }
  if (times !== undefined && !/^[1-9]\d{0,5}$/.test(times)) {
    throw new ControlError(400, `"${mode}" must end in a number of times, as in "${name}:3".`);
  }
  return [name as Name, times === undefined ? Number.POSITIVE_INFINITY : Number(times)];
};
