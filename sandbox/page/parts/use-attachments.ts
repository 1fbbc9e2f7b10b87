import { useCallback, useState } from 'preact/hooks';
import type { Upload } from '../client.ts';
import { useWorkspace } from '../workspace-context.ts';

export interface Attachment {
  readonly key: number;
  readonly name: string;
  readonly sizeBytes: number;
  /** 0 to 1 of what is sent; 1 with an id once it has arrived. */
  readonly fraction: number;
  readonly id: string | null;
  readonly upload: Upload;
}

let lastKey = 0;

/** Files chosen for a message: sent as soon as they are chosen, so that posting waits for nothing. */
export function useAttachments() {
  const { actions } = useWorkspace();
  const [attachments, setAttachments] = useState<readonly Attachment[]>([]);

  const patch = useCallback((key: number, change: Partial<Attachment>) => {
    setAttachments((all) => all.map((one) => (one.key === key ? { ...one, ...change } : one)));
  }, []);
  const drop = useCallback((key: number) => {
    setAttachments((all) => all.filter((one) => one.key !== key));
  }, []);

  const add = (files: readonly File[]) => {
    for (const file of files) {
      lastKey += 1;
      const key = lastKey;
      const upload = actions.upload(file, (fraction) => patch(key, { fraction }));
      setAttachments((all) => [
        ...all,
        { key, name: file.name, sizeBytes: file.size, fraction: 0, id: null, upload },
      ]);
      upload.done.then(
        ({ id }) => patch(key, { id, fraction: 1 }),
        (error: Error) => {
          drop(key);
          if (error.name !== 'AbortError') actions.notify(error.message);
        },
      );
    }
  };
  const remove = (attachment: Attachment) => {
    attachment.upload.abort();
    drop(attachment.key);
  };
  const clear = () => setAttachments([]);

  return { attachments, add, remove, clear, isSending: attachments.some(({ id }) => id === null) };
}
