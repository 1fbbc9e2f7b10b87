import { useLayoutEffect } from 'preact/hooks';
import type { SHORTCUTS } from '../sentences.ts';
import { isHeard, type Panel } from '../state/state.ts';
import { usePage } from './page-context.ts';

type Key = Lowercase<(typeof SHORTCUTS)[number]['key']>;

/** Where a key types or selects. */
const TYPING = 'input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]';

/** Single-key shortcuts while the meeting is shown, unless a dialog is open or they are switched off. */
export const useShortcuts = (): void => {
  const { store, meeting, settings } = usePage();
  useLayoutEffect(() => {
    const { get, dispatch } = store;
    const togglePanel = (panel: Panel): void =>
      dispatch({ type: 'panel', panel: get().panel === panel ? null : panel });
    const actions: Record<Key, () => void> = {
      m: () => void meeting.setMicrophone(!isHeard(get())),
      v: () => void meeting.setCamera(!get().localMedia.camera),
      s: () => void meeting.setScreen(!get().localMedia.screen),
      h: () => void meeting.setHandRaised(!get().handRaised),
      c: () => void meeting.showCaptions(!get().captionsWanted),
      t: () => togglePanel('transcript'),
      p: () => togglePanel('people'),
      '?': () => dispatch({ type: 'dialog', dialog: { kind: 'shortcuts' } }),
    };
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return;
      if (!settings.get().shortcuts || get().dialog !== null) return;
      if (event.target instanceof Element && event.target.matches(TYPING)) return;
      const action = actions[event.key.toLowerCase() as Key] as (() => void) | undefined;
      if (action === undefined) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [store, meeting, settings]);
};
