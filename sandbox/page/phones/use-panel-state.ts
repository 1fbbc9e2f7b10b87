import { type Dispatch, useEffect, useMemo, useReducer, useRef } from 'preact/hooks';
import type { PhonesState } from '../../phones/control/contract.ts';
import { openSocket } from '../workspace/socket.ts';
import { createPhoneActions } from './actions.ts';
import { openPhoneAudio, type PhoneAudio } from './audio/phone-audio.ts';
import { createTones } from './audio/tones.ts';
import { phonesClient } from './client.ts';
import type { Phones } from './phones-context.ts';
import { type ActivePhone, INITIAL_PANEL, type PanelAction, reducePanel, ringingPhones } from './state.ts';

/**
 * Follows the phone network while the workspace is connected (`isLive`), plays the ringtone, and opens the audio of the
 * active phone.
 */
export function usePanelState(isLive: boolean, notify: (sentence: string) => void): Phones {
  const [state, dispatch] = useReducer(reducePanel, INITIAL_PANEL);
  const tones = useMemo(createTones, []);
  useNetwork(isLive, dispatch);
  useActiveAudio(state.active, dispatch);
  const isRinging = ringingPhones(state).length > 0;
  useEffect(() => tones.ring(isRinging), [tones, isRinging]);
  useEffect(() => () => tones.close(), [tones]);
  const actions = useMemo(
    () => createPhoneActions({ dispatch, notify, playKey: (key) => tones.dtmf(key) }),
    [notify, tones],
  );
  return useMemo(() => ({ state, actions }), [state, actions]);
}

function useNetwork(isLive: boolean, dispatch: Dispatch<PanelAction>): void {
  useEffect(() => {
    if (!isLive) return;
    let isClosed = false;
    let close = (): void => {
      isClosed = true;
    };
    // Requested once before the socket opens: a workspace on the real Twilio has no demo phones.
    phonesClient.state().then(
      () => {
        if (isClosed) return;
        const socket = openSocket('/control/phones/live', {
          onMessage: (text) => {
            const network = JSON.parse(String(text)) as PhonesState;
            dispatch({ type: 'network', network, nowMs: Date.now() });
          },
        });
        close = () => socket.close();
      },
      () => dispatch({ type: 'no-network' }),
    );
    return () => close();
  }, [isLive, dispatch]);
}

/** The active phone has its audio open, and no other phone. */
function useActiveAudio(active: ActivePhone | null, dispatch: Dispatch<PanelAction>): void {
  const audio = useRef<PhoneAudio | null>(null);
  const number = active?.number;
  const muted = active?.muted ?? false;
  useEffect(() => {
    if (number === undefined) return;
    const opened = openPhoneAudio(number, (microphone) => dispatch({ type: 'microphone', microphone }));
    audio.current = opened;
    return () => {
      audio.current = null;
      opened.close();
    };
  }, [number, dispatch]);
  useEffect(() => audio.current?.setMuted(muted), [muted]);
}
