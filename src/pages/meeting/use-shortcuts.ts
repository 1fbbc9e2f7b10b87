import { useLayoutEffect } from 'preact/hooks';
import { usePage } from './page-context.ts';
import { mine, type Panel } from './state.ts';

/** What single keys do, for the page's help and for the keys themselves. */
export const SHORTCUTS = [
  { key: 'M', does: 'Mute or unmute' },
  { key: 'V', does: 'Camera on or off' },
  { key: 'S', does: 'Share your screen, or stop' },
  { key: 'H', does: 'Raise or lower your hand' },
  { key: 'C', does: 'Show or hide captions' },
  { key: 'T', does: 'Show or hide the transcript' },
  { key: 'P', does: 'Show or hide people' },
  { key: '?', does: 'These shortcuts' },
] as const;
type Key = (typeof SHORTCUTS)[number]['key'];

/** Where a key is a letter that somebody writes, or chooses by. */
const WRITES = 'input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]';

/** Makes the single keys work while the meeting is shown, unless a dialog is open or they are switched off. */
export const useShortcuts = (): void => {
  const { store, meeting, settings } = usePage();
  useLayoutEffect(() => {
    const { get, dispatch } = store;
    const toPanel = (to: Panel): void => dispatch({ type: 'panel', panel: get().panel === to ? null : to });
    const acts: Record<Lowercase<Key>, () => void> = {
      m: () => void meeting.setMicrophone(get().own.microphone !== 'on'),
      v: () => void meeting.setCamera(!get().own.camera),
      s: () => void meeting.setScreen(!get().own.screen),
      h: () => void meeting.raiseHand(!(mine(get())?.handRaised ?? false)),
      c: () => void meeting.wantCaptions(!get().captionsWanted),
      t: () => toPanel('transcript'),
      p: () => toPanel('people'),
      '?': () => dispatch({ type: 'dialog', dialog: { kind: 'keys' } }),
    };
    const pressed = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return;
      if (!settings.get().keys || get().dialog !== null) return;
      if (event.target instanceof Element && event.target.matches(WRITES)) return;
      const act = acts[event.key.toLowerCase() as Lowercase<Key>] as (() => void) | undefined;
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [store, meeting, settings]);
};
