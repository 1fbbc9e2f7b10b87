import { type ComponentChildren, createContext } from 'preact';
import { useContext, useMemo, useState } from 'preact/hooks';
import type { ActionRequest } from '../../slack/control/contract.ts';
import { useWorkspace } from '../workspace/workspace-context.ts';
import { ConfirmDialog } from './ConfirmDialog.tsx';
import { actionIdOf, type Block, type Confirm, type Element } from './types.ts';
import { type Edits, type ElementState, stateOf, valuesOf } from './values.ts';

/** The message, modal or App Home that contains the blocks: it is part of every action. */
type Target = Pick<ActionRequest, 'message' | 'viewId' | 'home'>;

export interface BlockHost {
  readonly target: Target;
  readonly errors: Readonly<Record<string, string>>;
  stateOf(blockId: string, element: Element): ElementState | null;
  /** Keeps a change; `dispatch` also sends it to the app (after the element's `confirm` dialog, if it has one). */
  change(blockId: string, element: Element, state: ElementState, dispatch: boolean): Promise<void>;
  /** A click on an element without a state; `extra` is added to the action as Slack would send it. */
  press(blockId: string, element: Element, extra: Record<string, unknown>): Promise<void>;
}

const HostContext = createContext<BlockHost | null>(null);

export function useBlockHost(): BlockHost {
  const host = useContext(HostContext);
  if (!host) throw new Error('useBlockHost is called outside of BlockHostProvider.');
  return host;
}

interface ProviderProps {
  readonly target: Target;
  readonly blocks: readonly Block[];
  readonly edits: Edits;
  readonly onEdits: (edits: Edits) => void;
  readonly errors?: Readonly<Record<string, string>> | undefined;
  readonly children: ComponentChildren;
}

const NO_ERRORS = {};

export function BlockHostProvider({
  target,
  blocks,
  edits,
  onEdits,
  errors = NO_ERRORS,
  children,
}: ProviderProps) {
  const { actions } = useWorkspace();
  const [pending, setPending] = useState<{ confirm: Confirm; answer: (confirmed: boolean) => void } | null>(
    null,
  );

  const host = useMemo<BlockHost>(() => {
    const confirmed = (confirm: Confirm | undefined): Promise<boolean> =>
      confirm ? new Promise((resolve) => setPending({ confirm, answer: resolve })) : Promise.resolve(true);
    const send = async (
      blockId: string,
      element: Element,
      payload: Record<string, unknown>,
      current: Edits,
    ) => {
      if (!(await confirmed(element.confirm))) return;
      const values = valuesOf(blocks, current);
      await actions.act({ ...target, block_id: blockId, action_id: actionIdOf(element), payload, values });
    };
    return {
      target,
      errors,
      stateOf: (blockId, element) => stateOf(element, edits[blockId]?.[actionIdOf(element)]),
      async change(blockId, element, state, dispatch) {
        const changed = { ...edits, [blockId]: { ...edits[blockId], [actionIdOf(element)]: state } };
        onEdits(changed);
        if (dispatch) await send(blockId, element, state, changed);
      },
      press: (blockId, element, extra) => send(blockId, element, { type: element.type, ...extra }, edits),
    };
  }, [actions, target, blocks, edits, onEdits, errors]);

  return (
    <HostContext value={host}>
      {children}
      {pending && (
        <ConfirmDialog
          confirm={pending.confirm}
          onAnswer={(isConfirmed) => {
            setPending(null);
            pending.answer(isConfirmed);
          }}
        />
      )}
    </HostContext>
  );
}

/** For blocks outside of a form (messages, the App Home): keeps what is chosen while the blocks are shown. */
export function UncontrolledBlockHost({
  target,
  blocks,
  children,
}: Pick<ProviderProps, 'target' | 'blocks' | 'children'>) {
  const [edits, setEdits] = useState<Edits>({});
  return (
    <BlockHostProvider target={target} blocks={blocks} edits={edits} onEdits={setEdits}>
      {children}
    </BlockHostProvider>
  );
}
