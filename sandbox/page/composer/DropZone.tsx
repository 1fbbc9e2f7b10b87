import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

import { composer } from '../sentences.ts';

/** Which composer takes a dropped file: the thread's when it is dropped there, or when only the thread is shown. */
type DropScope = 'channel' | 'thread';

interface DropZoneProps {
  readonly scope: DropScope;
  readonly onFiles: (files: readonly File[]) => void;
}

/** Takes files that are dropped on the window, and shows where they will go while they hover. */
export function DropZone({ scope, onFiles }: DropZoneProps) {
  const [hovering, setHovering] = useState(false);
  const take = useRef(onFiles);
  take.current = onFiles;

  // In the commit that shows the message box, not a frame later: files can be dropped from then on.
  useLayoutEffect(() => {
    const onDrag = (event: DragEvent) => setHovering(isLeaving(event) ? false : isFor(scope, event));
    const onDrop = (event: DragEvent) => {
      setHovering(false);
      if (isFor(scope, event)) take.current([...(event.dataTransfer?.files ?? [])]);
    };
    const listeners = [
      ['dragenter', onDrag],
      ['dragover', onDrag],
      ['dragleave', onDrag],
      ['drop', onDrop],
    ] as const;
    for (const [name, listener] of listeners) window.addEventListener(name, listener);
    return () => {
      for (const [name, listener] of listeners) window.removeEventListener(name, listener);
    };
  }, [scope]);

  if (!hovering) return null;
  return <div class="drop-zone">{scope === 'thread' ? composer.dropOnReply : composer.dropOnMessage}</div>;
}

/** Keeps the browser from opening a file that is dropped where no composer takes it. */
export function useStayOnDrop(): void {
  useEffect(() => {
    const stay = (event: DragEvent) => {
      if (hasFiles(event)) event.preventDefault();
    };
    window.addEventListener('dragover', stay);
    window.addEventListener('drop', stay);
    return () => {
      window.removeEventListener('dragover', stay);
      window.removeEventListener('drop', stay);
    };
  }, []);
}

const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;

/** Without a related target, the pointer has left the window. */
const isLeaving = (event: DragEvent) => event.type === 'dragleave' && event.relatedTarget === null;

function isFor(scope: DropScope, event: DragEvent): boolean {
  if (!hasFiles(event)) return false;
  const isOverThread = event.target instanceof Element && event.target.closest('.thread') !== null;
  const isChannelShown = document.querySelector('.view')?.checkVisibility() ?? false;
  return scope === (isOverThread || !isChannelShown ? 'thread' : 'channel');
}
