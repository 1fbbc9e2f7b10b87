import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** A tile that is being dragged past, or resized with the window, is measured once it has come to rest. */
const SETTLE_MS = 150;

/** How high an element is on the screen, in CSS pixels; 0 while it is scrolled away or the page is hidden. */
export const useVisibleHeight = (element: RefObject<HTMLElement | null>): number => {
  const [heightPx, setHeightPx] = useState(0);
  useEffect(() => {
    const shown = element.current;
    if (shown === null) return;
    let onScreen = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const measure = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const visible = onScreen && document.visibilityState === 'visible';
        setHeightPx(visible ? Math.round(shown.getBoundingClientRect().height) : 0);
      }, SETTLE_MS);
    };
    const crossing = new IntersectionObserver((entries) => {
      onScreen = entries.at(-1)?.isIntersecting ?? false;
      measure();
    });
    const resizing = new ResizeObserver(measure);
    crossing.observe(shown);
    resizing.observe(shown);
    document.addEventListener('visibilitychange', measure);
    return () => {
      clearTimeout(timer);
      crossing.disconnect();
      resizing.disconnect();
      document.removeEventListener('visibilitychange', measure);
    };
  }, [element]);
  return heightPx;
};
