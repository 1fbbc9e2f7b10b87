import { type Dispatch, useEffect, useRef } from 'preact/hooks';
import type { ControlEvent } from '../../slack/control/contract.ts';
import { client } from './client.ts';
import { openSocket } from './socket.ts';
import type { Action, State } from './state.ts';

/**
 * Keeps the state in step with the workspace: events as they arrive and, on each (re)connection, all messages of every
 * channel and of the open thread. The socket opens before those are requested, so that nothing is missed in between.
 */
export function useConnection(state: State, dispatch: Dispatch<Action>): void {
  const latest = useRef(state);
  latest.current = state;

  useEffect(() => {
    const refresh = async () => {
      const workspace = await client.state();
      dispatch({ type: 'connected', workspace });
      await Promise.all(workspace.channels.map(({ id }) => load(id)));
      const { thread } = latest.current;
      if (thread) await load(thread.channel, thread.ts);
    };
    const load = async (channel: string, thread?: string) => {
      const { messages } = await client.messages(channel, thread);
      dispatch({ type: 'messages-loaded', channel, messages, ...(thread ? { thread } : {}) });
    };
    const refreshOrReport = (): void => {
      refresh().catch((error: Error) => dispatch({ type: 'notice', text: error.message }));
    };
    // A direct message channel appears with its first message.
    const isKnown = (channel: string): boolean =>
      latest.current.workspace === null || latest.current.workspace.channels.some(({ id }) => id === channel);
    const socket = openSocket('/control/live', {
      onOpen() {
        dispatch({ type: 'connecting' });
        refreshOrReport();
      },
      onMessage(text) {
        const event = JSON.parse(String(text)) as ControlEvent;
        dispatch({ type: 'event', event });
        if (event.type === 'message' && !isKnown(event.message.channel)) refreshOrReport();
      },
      onLost: () => dispatch({ type: 'connection-lost' }),
    });
    return () => socket.close();
  }, [dispatch]);
}
