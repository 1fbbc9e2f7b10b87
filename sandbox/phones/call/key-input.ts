/** The keys that a phone sends, and what listens to them. */
export class KeyInput {
  #listener: ((key: string) => void) | null = null;
  #pending = '';
  #wanted = false;

  /** Whether the phone is asked for keys. */
  get wanted(): boolean {
    return this.#wanted;
  }

  press(keys: string): void {
    for (const key of keys) this.#listener?.(key);
  }

  pressWhenAsked(keys: string): void {
    this.#pending = keys;
  }

  /** Replaces the listener. Returns the keys that waited to be asked for. */
  listen(listener: ((key: string) => void) | null, asked: boolean): string {
    this.#listener = listener;
    this.#wanted = asked;
    if (!asked) return '';
    const keys = this.#pending;
    this.#pending = '';
    return keys;
  }
}
