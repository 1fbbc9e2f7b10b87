import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

interface PopoverProps {
  /** What it is placed at; the focus returns there. */
  readonly anchor: RefObject<HTMLElement | null>;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly matchWidth?: boolean;
  readonly align?: 'start' | 'end';
  readonly children: ComponentChildren;
}

const GAP_PX = 6;

/**
 * The browser's own popover: above everything (modals too), closed by Escape and by a press elsewhere. Placed below its
 * anchor, or above it where there is more room.
 */
export function Popover({ open, ...props }: PopoverProps) {
  return open ? <OpenPopover {...props} /> : null;
}

function OpenPopover({ anchor, onClose, matchWidth, align = 'start', children }: Omit<PopoverProps, 'open'>) {
  const box = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const element = box.current!;
    const from = anchor.current;
    element.showPopover();
    const focusTarget = element.querySelector<HTMLElement>('[autofocus], input, [role="menuitem"], button');
    focusTarget?.focus({ preventScroll: true });
    const place = () => placeAt(element, from, align, matchWidth ?? false);
    place();
    // Content that grows (search results) may move the popover above its anchor.
    const observer = new ResizeObserver(place);
    observer.observe(element);
    window.addEventListener('resize', place);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', place);
      if (element.contains(document.activeElement) || document.activeElement === document.body) from?.focus();
    };
  }, [anchor, align, matchWidth]);

  useEffect(() => {
    const element = box.current!;
    const onToggle = (event: Event) => (event as ToggleEvent).newState === 'closed' && onClose();
    element.addEventListener('toggle', onToggle);
    return () => element.removeEventListener('toggle', onToggle);
  }, [onClose]);

  return (
    <div ref={box} popover="auto" class="popover">
      {children}
    </div>
  );
}

function placeAt(
  element: HTMLElement,
  anchor: HTMLElement | null,
  align: 'start' | 'end',
  matchWidth: boolean,
): void {
  if (!anchor) return;
  const from = anchor.getBoundingClientRect();
  if (matchWidth) element.style.minWidth = `${from.width}px`;
  const { offsetWidth: width, offsetHeight: height } = element;
  const left = align === 'end' ? from.right - width : from.left;
  const below = from.bottom + GAP_PX;
  const fitsBelow = below + height <= window.innerHeight || from.top < window.innerHeight - from.bottom;
  const top = fitsBelow ? Math.min(below, window.innerHeight - height - GAP_PX) : from.top - height - GAP_PX;
  element.style.left = `${Math.max(GAP_PX, Math.min(left, window.innerWidth - width - GAP_PX))}px`;
  element.style.top = `${Math.max(GAP_PX, top)}px`;
}
