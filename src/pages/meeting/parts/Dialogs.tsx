import { useDispatch, usePage, useSelect } from '../page-context.ts';
import { AddPhoneDialog } from './AddPhoneDialog.tsx';
import { Dialog } from './Dialog.tsx';
import { KeysDialog } from './KeysDialog.tsx';
import { SettingsDialog } from './SettingsDialog.tsx';

/** The one dialog that is open, if any. */
export function Dialogs() {
  const { meeting } = usePage();
  const dispatch = useDispatch();
  const dialog = useSelect((state) => state.dialog);
  const peers = useSelect((state) => state.peers);
  if (dialog === null) return null;
  const close = (): void => dispatch({ type: 'dialog', dialog: null });
  const then = (work: () => Promise<unknown>) => () => {
    close();
    void work();
  };
  switch (dialog.kind) {
    case 'settings':
      return <SettingsDialog onClose={close} />;
    case 'keys':
      return <KeysDialog onClose={close} />;
    case 'phone':
      return <AddPhoneDialog onClose={close} />;
    case 'consent':
      return (
        <Dialog title="Before you speak" onClose={close}>
          <p>
            This meeting is captioned. What you say is shown live to everybody in it, and kept as a transcript
            with your name in its Slack thread. While you are muted nothing is transcribed.
          </p>
          <div class="dialog-actions">
            <button type="button" class="button" onClick={close}>
              Stay without microphone
            </button>
            <button
              type="button"
              class="button is-main"
              onClick={then(() => meeting.consent(true).then(() => meeting.setMicrophone(true)))}
            >
              Agree and unmute
            </button>
          </div>
        </Dialog>
      );
    case 'leave':
      return (
        <Dialog title="Leave the meeting?" onClose={close}>
          <p>You are the host. The meeting goes on without you, or you end it for everybody.</p>
          <div class="dialog-actions">
            <button type="button" class="button" onClick={close}>
              Stay
            </button>
            <button type="button" class="button is-danger" onClick={then(meeting.endForAll)}>
              End for everybody
            </button>
            <button type="button" class="button is-main" onClick={then(meeting.leave)}>
              Leave
            </button>
          </div>
        </Dialog>
      );
    case 'remove': {
      const peer = peers.find(({ peerId }) => peerId === dialog.peerId);
      if (peer === undefined) return null;
      return (
        <Dialog title={`Remove ${peer.name}?`} onClose={close}>
          <p>{peer.name} leaves at once and cannot come back to this meeting.</p>
          <div class="dialog-actions">
            <button type="button" class="button" onClick={close}>
              Cancel
            </button>
            <button type="button" class="button is-danger" onClick={then(() => meeting.remove(peer.peerId))}>
              Remove
            </button>
          </div>
        </Dialog>
      );
    }
  }
}
