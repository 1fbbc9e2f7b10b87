import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

/** A list scrolled to within this distance of its end counts as being at its end. */
const NEAR_PX = 60;

interface StickInput {
  readonly listKey: string;
  readonly lastKey: string | undefined;
  readonly isLastMine: boolean;
}

/**
 * Keeps a list scrolled to its end through new messages and images that load. Where progress turns into a long result,
 * the result is shown from its beginning. A reader who has scrolled up stays there, and `hasNewBelow` is set instead.
 * One's own post is always scrolled to.
 */
export function useStickToBottom({ listKey, lastKey, isLastMine }: StickInput) {
  const scroller = useRef<HTMLElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const atBottom = useRef(true);
  const [hasNewBelow, setHasNewBelow] = useState(false);

  const toBottom = useCallback(() => {
    atBottom.current = true;
    setHasNewBelow(false);
    if (scroller.current && content.current) showLast(scroller.current, content.current);
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another channel or thread starts at its end.
  useLayoutEffect(toBottom, [listKey, toBottom]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: runs for each new last message.
  useLayoutEffect(() => {
    if (isLastMine || atBottom.current) toBottom();
    else setHasNewBelow(true);
  }, [lastKey]);

  useEffect(() => {
    const list = scroller.current!;
    const onScroll = () => {
      atBottom.current = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_PX;
      if (atBottom.current) setHasNewBelow(false);
    };
    const observer = new ResizeObserver(() => atBottom.current && toBottom());
    observer.observe(content.current!);
    observer.observe(list);
    list.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      observer.disconnect();
      list.removeEventListener('scroll', onScroll);
    };
  }, [toBottom]);

  return { scroller, content, hasNewBelow, toBottom };
}

/** Scrolls to the end, or to the beginning of a last message that is taller than the list. */
function showLast(list: HTMLElement, content: HTMLElement): void {
  const last = content.lastElementChild;
  const isTall = last instanceof HTMLElement && last.offsetHeight > list.clientHeight;
  if (isTall) list.scrollTop += last.getBoundingClientRect().top - list.getBoundingClientRect().top;
  else list.scrollTop = list.scrollHeight;
}
