import { CONSENT_DIALOG } from '../../consent-sentences.ts';
import { LEAVE_DIALOG, REMOVE_DIALOG } from '../../sentences.ts';
import { captureNow } from '../../state/capture.ts';
import { hasCompany } from '../../state/departure.ts';
import { kindOf } from '../../state/state.ts';
import { useDispatch, usePage, useSelect } from '../page-context.ts';
import { AddPhoneDialog } from './AddPhoneDialog.tsx';
import { Dialog, DialogActions } from './Dialog.tsx';
import { SettingsDialog } from './SettingsDialog.tsx';
import { ShortcutsDialog } from './ShortcutsDialog.tsx';

/** The one dialog that is open, if any. */
export function Dialogs() {
  const dispatch = useDispatch();
  const dialog = useSelect((state) => state.dialog);
  if (dialog === null) return null;
  const close = (): void => dispatch({ type: 'dialog', dialog: null });
  switch (dialog.kind) {
    case 'settings':
      return <SettingsDialog onClose={close} />;
    case 'shortcuts':
      return <ShortcutsDialog onClose={close} />;
    case 'phone':
      return <AddPhoneDialog onClose={close} />;
    case 'consent':
      return <ConsentDialog onClose={close} />;
    case 'leave':
      return <LeaveDialog onClose={close} />;
    case 'remove':
      return <RemoveDialog peerId={dialog.peerId} onClose={close} />;
  }
}

function ConsentDialog({ onClose }: { onClose: () => void }) {
  const { meeting, store } = usePage();
  const agree = async (): Promise<void> => {
    onClose();
    await meeting.setConsent(true);
    await meeting.setMicrophone(true);
  };
  return (
    <Dialog title={CONSENT_DIALOG.title} onClose={onClose}>
      <p>{CONSENT_DIALOG.text(captureNow(store.get()))}</p>
      <DialogActions>
        <button type="button" class="button" onClick={onClose}>
          {CONSENT_DIALOG.decline}
        </button>
        <button type="button" class="button is-primary" onClick={() => void agree()}>
          {CONSENT_DIALOG.agree}
        </button>
      </DialogActions>
    </Dialog>
  );
}

/** For the host. */
function LeaveDialog({ onClose }: { onClose: () => void }) {
  const { meeting } = usePage();
  const kind = useSelect(kindOf);
  const others = useSelect(hasCompany);
  const closeAnd = (act: () => Promise<void>) => () => {
    onClose();
    void act();
  };
  return (
    <Dialog title={LEAVE_DIALOG.title(kind)} onClose={onClose}>
      <p>{LEAVE_DIALOG.text(kind, others)}</p>
      <DialogActions>
        <button type="button" class="button" onClick={onClose}>
          {LEAVE_DIALOG.cancel}
        </button>
        <button type="button" class="button" onClick={closeAnd(meeting.leave)}>
          {LEAVE_DIALOG.leave(kind)}
        </button>
        <button type="button" class="button is-danger" onClick={closeAnd(meeting.endForEveryone)}>
          {LEAVE_DIALOG.end(kind)}
        </button>
      </DialogActions>
    </Dialog>
  );
}

function RemoveDialog({ peerId, onClose }: { peerId: string; onClose: () => void }) {
  const { meeting } = usePage();
  const kind = useSelect(kindOf);
  const peer = useSelect((state) => state.peers.find((each) => each.peerId === peerId));
  if (peer === undefined) return null;
  const remove = (): void => {
    onClose();
    void meeting.removePeer(peerId);
  };
  return (
    <Dialog title={REMOVE_DIALOG.title(peer.name)} onClose={onClose}>
      <p>{REMOVE_DIALOG.text(peer.name, kind)}</p>
      <DialogActions>
        <button type="button" class="button" onClick={onClose}>
          {REMOVE_DIALOG.cancel}
        </button>
        <button type="button" class="button is-danger" onClick={remove}>
          {REMOVE_DIALOG.remove}
        </button>
      </DialogActions>
    </Dialog>
  );
}
