import { useCallback, useState } from 'preact/hooks';
import type { Upload } from '../workspace/client.ts';
import { useWorkspace } from '../workspace/workspace-context.ts';

export interface Attachment {
  readonly key: number;
  readonly name: string;
  readonly sizeBytes: number;
  /** Share that is uploaded, 0 to 1. */
  readonly fraction: number;
  /** Null until the upload is complete. */
  readonly id: string | null;
  readonly upload: Upload;
}

let lastKey = 0;

/** Files for a message. They are uploaded as soon as they are chosen, so that posting does not wait for them. */
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
