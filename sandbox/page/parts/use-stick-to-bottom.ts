import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

/** Nearer to the end than this counts as being at the end. */
const NEAR_PX = 60;

interface StickInput {
  readonly listKey: string;
  readonly lastKey: string | undefined;
  readonly isLastMine: boolean;
}

/**
 * Keeps a list at its end while its reader is there, through new messages and pictures that load (and progress that
 * turns into a long result, which is then read from its beginning); a reader who has scrolled up is left where they are and told of new messages. One's own post always comes into sight.
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

  // biome-ignore lint/correctness/useExhaustiveDependencies: another list starts at its end.
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

/** Scrolls to the end; a last message that is taller than the list is shown from its beginning. */
function showLast(list: HTMLElement, content: HTMLElement): void {
  const last = content.lastElementChild;
  const isTall = last instanceof HTMLElement && last.offsetHeight > list.clientHeight;
  if (isTall) list.scrollTop += last.getBoundingClientRect().top - list.getBoundingClientRect().top;
  else list.scrollTop = list.scrollHeight;
}
