import { z } from 'zod';
import type { SocketLink } from '../events/socket.ts';
import { blockMethods } from './blocks.ts';
import { chatMethods } from './chat.ts';
import { conversationMethods } from './conversations.ts';
import { fileMethods } from './files.ts';
import { generalMethods } from './general.ts';
import { type Method, method } from './method.ts';
import { reactionMethods } from './reactions.ts';
import { userMethods } from './users.ts';
import { viewMethods } from './views.ts';

/** Every Web API method of the simulator, by name. */
export const createMethods = (sockets: SocketLink): ReadonlyMap<string, Method> =>
  new Map(
    Object.entries({
      ...generalMethods,
      ...blockMethods,
      ...chatMethods,
      ...conversationMethods,
      ...fileMethods,
      ...reactionMethods,
      ...userMethods,
      ...viewMethods,
      'apps.connections.open': connectionsOpen(sockets),
    }),
  );

const connectionsOpen = (sockets: SocketLink): Method =>
  method({
    token: 'app',
    scopes: [],
    tier: 3,
    args: z.object({}),
    run: (workspace) => {
      const ticket = sockets.openTicket();
      const base = workspace.url().replace(/^http/, 'ws');
      return { url: `${base}/link/?ticket=${ticket}&app_id=${workspace.app().appId}` };
    },
  });
