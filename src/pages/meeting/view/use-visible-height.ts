import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** An element that is being scrolled or resized is measured once it has come to rest. */
const SETTLE_MS = 150;

/** An element's height in CSS pixels; 0 while it is off the screen or the page is hidden. */
export const useVisibleHeight = (ref: RefObject<HTMLElement | null>): number => {
  const [heightPx, setHeightPx] = useState(0);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    let isOnScreen = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const measure = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const isVisible = isOnScreen && document.visibilityState === 'visible';
        setHeightPx(isVisible ? Math.round(element.getBoundingClientRect().height) : 0);
      }, SETTLE_MS);
    };
    const intersections = new IntersectionObserver((entries) => {
      isOnScreen = entries.at(-1)?.isIntersecting ?? false;
      measure();
    });
    const resizes = new ResizeObserver(measure);
    intersections.observe(element);
    resizes.observe(element);
    document.addEventListener('visibilitychange', measure);
    return () => {
      clearTimeout(timer);
      intersections.disconnect();
      resizes.disconnect();
      document.removeEventListener('visibilitychange', measure);
    };
  }, [ref]);
  return heightPx;
};
