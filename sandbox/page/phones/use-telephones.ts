import { type Dispatch, useEffect, useMemo, useReducer, useRef } from 'preact/hooks';
import type { PhonesState } from '../../phones/control/contract.ts';
import { keepSocket } from '../live.ts';
import { createPhoneActions } from './actions.ts';
import { type Line, openLine } from './audio/line.ts';
import { createRinger } from './audio/ringer.ts';
import { phonesClient } from './client.ts';
import type { Phones } from './phones-context.ts';
import { type InHand, NO_PHONES, type PhonesAction, reducePhones, ringingHere } from './state.ts';

/** Keeps the telephones true to the network while the workspace answers (`isLive`), rings, and carries sound. */
export function useTelephones(isLive: boolean, notify: (sentence: string) => void): Phones {
  const [view, dispatch] = useReducer(reducePhones, NO_PHONES);
  const ringer = useMemo(createRinger, []);
  useLivePhones(isLive, dispatch);
  useLine(view.inHand, dispatch);
  const rings = ringingHere(view).length > 0;
  useEffect(() => ringer.ring(rings), [ringer, rings]);
  useEffect(() => () => ringer.close(), [ringer]);
  const actions = useMemo(
    () => createPhoneActions({ dispatch, notify, keySound: (key) => ringer.key(key) }),
    [notify, ringer],
  );
  return useMemo(() => ({ view, actions }), [view, actions]);
}

function useLivePhones(isLive: boolean, dispatch: Dispatch<PhonesAction>): void {
  useEffect(() => {
    if (!isLive) return;
    let isOver = false;
    let close = (): void => {
      isOver = true;
    };
    // Asked once before anything is listened to: where the real Twilio is used, there are no telephones here.
    phonesClient.state().then(
      () => {
        if (isOver) return;
        const socket = keepSocket('/control/phones/live', {
          onMessage: (text) => {
            const known = JSON.parse(String(text)) as PhonesState;
            dispatch({ type: 'shown', known, nowMs: Date.now() });
          },
        });
        close = () => socket.close();
      },
      () => dispatch({ type: 'absent' }),
    );
    return () => close();
  }, [isLive, dispatch]);
}

/** The telephone in hand has a line, and no other. */
function useLine(inHand: InHand | null, dispatch: Dispatch<PhonesAction>): void {
  const line = useRef<Line | null>(null);
  const number = inHand?.number;
  const muted = inHand?.muted ?? false;
  useEffect(() => {
    if (number === undefined) return;
    const opened = openLine(number, (microphone) => dispatch({ type: 'microphone', microphone }));
    line.current = opened;
    return () => {
      line.current = null;
      opened.close();
    };
  }, [number, dispatch]);
  useEffect(() => line.current?.setMuted(muted), [muted]);
}
