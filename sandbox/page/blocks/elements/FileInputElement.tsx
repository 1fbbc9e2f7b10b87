import type { StoredFile } from '../../../slack/control/contract.ts';
import { blockKit } from '../../sentences.ts';
import { useWorkspace } from '../../workspace/workspace-context.ts';
import { useBlockHost } from '../block-host.tsx';
import { type ElementProps, labelProps } from './props.ts';

/** Files chosen in a modal are uploaded at once; the submission contains their ids, as in Slack. */
export function FileInputElement({ blockId, element, field }: ElementProps) {
  const host = useBlockHost();
  const { actions } = useWorkspace();
  const files = (host.stateOf(blockId, element)?.files as StoredFile[] | undefined) ?? [];
  const choose = async (chosen: readonly File[]) => {
    try {
      const sent = await Promise.all(chosen.map((file) => actions.upload(file, () => {}).done));
      await host.change(blockId, element, { type: element.type, files: sent }, false);
    } catch (error) {
      actions.notify((error as Error).message);
    }
  };
  return (
    <div class="file-input">
      <input
        type="file"
        multiple={(element.max_files ?? 10) > 1}
        accept={element.filetypes?.map((type) => `.${type}`).join(',')}
        {...labelProps(field, blockKit.files)}
        onChange={(event) =>
          void choose([...(event.currentTarget.files ?? [])].slice(0, element.max_files ?? 10))
        }
      />
      {files.map((file) => (
        <span key={file.id} class="chip">
          {file.name}
        </span>
      ))}
    </div>
  );
}
