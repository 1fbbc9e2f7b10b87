import { type ComponentChildren, createContext } from 'preact';
import { useContext, useMemo, useState } from 'preact/hooks';
import type { ActionRequest } from '../../slack/control/contract.ts';
import { ConfirmDialog } from '../parts/ConfirmDialog.tsx';
import { useWorkspace } from '../workspace-context.ts';
import { actionIdOf, type Block, type Confirm, type Element } from './types.ts';
import { type Edits, type ElementState, stateOf, valuesOf } from './values.ts';

/** Where blocks are shown: a message, a modal or the App Home; it says whom a click is sent to. */
type Where = Pick<ActionRequest, 'message' | 'viewId' | 'home'>;

export interface BlockHost {
  readonly where: Where;
  readonly errors: Readonly<Record<string, string>>;
  stateOf(blockId: string, element: Element): ElementState | null;
  /** Keeps a change; `tell` also sends it to the app (asking first when the element has a `confirm`). */
  change(blockId: string, element: Element, state: ElementState, tell: boolean): Promise<void>;
  /** A click on something without a state; `extra` goes into the action as Slack would send it. */
  press(blockId: string, element: Element, extra: Record<string, unknown>): Promise<void>;
}

const HostContext = createContext<BlockHost | null>(null);

export function useBlockHost(): BlockHost {
  const host = useContext(HostContext);
  if (!host) throw new Error('useBlockHost is called outside of BlockHostProvider.');
  return host;
}

interface ProviderProps {
  readonly where: Where;
  readonly blocks: readonly Block[];
  readonly edits: Edits;
  readonly onEdits: (edits: Edits) => void;
  readonly errors?: Readonly<Record<string, string>> | undefined;
  readonly children: ComponentChildren;
}

const NO_ERRORS = {};

export function BlockHostProvider({
  where,
  blocks,
  edits,
  onEdits,
  errors = NO_ERRORS,
  children,
}: ProviderProps) {
  const { actions } = useWorkspace();
  const [question, setQuestion] = useState<{ confirm: Confirm; answer: (yes: boolean) => void } | null>(null);

  const host = useMemo<BlockHost>(() => {
    const ask = (confirm: Confirm | undefined): Promise<boolean> =>
      confirm ? new Promise((resolve) => setQuestion({ confirm, answer: resolve })) : Promise.resolve(true);
    const send = async (blockId: string, element: Element, payload: Record<string, unknown>, now: Edits) => {
      if (!(await ask(element.confirm))) return;
      const values = valuesOf(blocks, now);
      await actions.act({ ...where, block_id: blockId, action_id: actionIdOf(element), payload, values });
    };
    return {
      where,
      errors,
      stateOf: (blockId, element) => stateOf(element, edits[blockId]?.[actionIdOf(element)]),
      async change(blockId, element, state, tell) {
        const now = { ...edits, [blockId]: { ...edits[blockId], [actionIdOf(element)]: state } };
        onEdits(now);
        if (tell) await send(blockId, element, state, now);
      },
      press: (blockId, element, extra) => send(blockId, element, { type: element.type, ...extra }, edits),
    };
  }, [actions, where, blocks, edits, onEdits, errors]);

  return (
    <HostContext value={host}>
      {children}
      {question && (
        <ConfirmDialog
          confirm={question.confirm}
          onAnswer={(yes) => {
            setQuestion(null);
            question.answer(yes);
          }}
        />
      )}
    </HostContext>
  );
}

/** For blocks outside of a form (messages, the App Home): choices are kept as long as they are shown. */
export function LooseBlockHost({
  where,
  blocks,
  children,
}: Pick<ProviderProps, 'where' | 'blocks' | 'children'>) {
  const [edits, setEdits] = useState<Edits>({});
  return (
    <BlockHostProvider where={where} blocks={blocks} edits={edits} onEdits={setEdits}>
      {children}
    </BlockHostProvider>
  );
}
