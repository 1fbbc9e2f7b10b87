import { type Dispatch, useEffect, useRef } from 'preact/hooks';
import type { ControlEvent } from '../slack/control/contract.ts';
import { client } from './client.ts';
import { keepSocket } from './live.ts';
import type { Action, State } from './state.ts';

/**
 * Keeps the state true to the workspace: events as they come and, at each (re)connection, a fresh listing of every
 * channel and of the open thread. The socket opens first, so that nothing falls between listing and listening.
 */
export function useConnection(state: State, dispatch: Dispatch<Action>): void {
  const latest = useRef(state);
  latest.current = state;

  useEffect(() => {
    const refresh = async () => {
      const workspace = await client.state();
      dispatch({ type: 'connected', workspace });
      await Promise.all(workspace.channels.map(({ id }) => list(id)));
      const { thread } = latest.current;
      if (thread) await list(thread.channel, thread.ts);
    };
    const list = async (channel: string, thread?: string) => {
      const { messages } = await client.messages(channel, thread);
      dispatch({ type: 'listed', channel, messages, ...(thread ? { thread } : {}) });
    };
    const refreshOrSay = (): void => {
      refresh().catch((error: Error) => dispatch({ type: 'notice', text: error.message }));
    };
    /** A direct conversation begins with its first message. */
    const isListed = (channel: string): boolean =>
      latest.current.workspace === null || latest.current.workspace.channels.some(({ id }) => id === channel);
    const socket = keepSocket('/control/live', {
      onOpen() {
        dispatch({ type: 'connecting' });
        refreshOrSay();
      },
      onMessage(text) {
        const event = JSON.parse(String(text)) as ControlEvent;
        dispatch({ type: 'live', event });
        if (event.type === 'message' && !isListed(event.message.channel)) refreshOrSay();
      },
      onLost: () => dispatch({ type: 'lost' }),
    });
    return () => socket.close();
  }, [dispatch]);
}
