import { useWorkspace } from '../workspace-context.ts';
import { ModalView } from './ModalView.tsx';

/** The modals the app has opened for this person, each over the one before. */
export function ViewStack() {
  const { state } = useWorkspace();
  return (state.views[state.me] ?? []).map((open) => <ModalView key={open.id} open={open} />);
}
