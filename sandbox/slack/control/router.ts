import express, { type Request, type RequestHandler, Router } from 'express';
import { ControlError, controlErrors } from '../../common/control/errors.ts';
import { parseRequest } from '../../common/control/parse-request.ts';
import type { SocketLink } from '../events/socket.ts';
import { sendFile } from '../files/download.ts';
import { removeFile } from '../files/remove.ts';
import { act } from '../people/actions.ts';
import { changeArchived } from '../people/archive.ts';
import { runCommand } from '../people/commands.ts';
import { openHome } from '../people/home.ts';
import { channelFor, personFor } from '../people/lookup.ts';
import { deleteOwnMessage, editOwnMessage, writeMessage } from '../people/messages.ts';
import { openView } from '../people/open-view.ts';
import { suggestOptions } from '../people/options.ts';
import { runShortcut } from '../people/shortcuts.ts';
import { submitView } from '../people/views.ts';
import type { FileRecord } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { changeApp, viewApp } from './app.ts';
import type { ApiCall, WorkspaceState } from './contract.ts';
import { changeMembers } from './members.ts';
import { addPerson } from './people.ts';
import * as requests from './requests.ts';
import { person, storedFile, storedMessage } from './shapes.ts';
import { workspaceState } from './state.ts';

/** `/control`: see `contract.ts`. */
export const createControlRouter = (
  workspace: Workspace,
  options: {
    sockets: SocketLink;
    providers: WorkspaceState['providers'];
    calls: () => readonly ApiCall[];
  },
): Router => {
  const router = Router();
  const { failures } = workspace;
  const json = express.json({ limit: '4mb', type: () => true });
  const answer =
    (work: (request: Request) => object | Promise<object>): RequestHandler =>
    async (request, response) => {
      response.json(await work(request));
    };

  router.get(
    '/state',
    answer(() => workspaceState(workspace, options.providers)),
  );
  router.get(
    '/messages',
    answer(({ query }) => ({ messages: listMessages(workspace, query) })),
  );
  router.post(
    '/messages',
    json,
    answer(async ({ body }) => {
      const message = await writeMessage(workspace, compact(parseRequest(requests.postRequest, body)));
      return { message: storedMessage(workspace, message) };
    }),
  );
  router.put(
    '/messages',
    json,
    answer(({ body }) => {
      const message = editOwnMessage(workspace, parseRequest(requests.editRequest, body));
      return { message: storedMessage(workspace, message) };
    }),
  );
  router.delete(
    '/messages',
    answer(({ query }) => {
      deleteOwnMessage(workspace, parseRequest(requests.deleteRequest, query));
      return {};
    }),
  );
  router.put(
    '/files',
    answer(async (request) => {
      const { name, as } = parseRequest(requests.fileQuery, request.query);
      const file = await workspace.files.addPersons(name, personFor(workspace, as).id, request);
      return { file: storedFile(file) };
    }),
  );
  const download: RequestHandler<{ id: string }> = (request, response) =>
    sendFile(workspace, fileFor(workspace, request.params.id), request as unknown as Request, response);
  router.get('/files/:id/:name', download);
  router.delete(
    '/files/:id',
    answer((request) => {
      const { query, params } = request as Request<{ id: string }>;
      const file = fileFor(workspace, params.id);
      const user = personFor(workspace, parseRequest(requests.actorQuery, query).as);
      if (file.user !== user.id) throw new ControlError(403, 'This file belongs to someone else.');
      removeFile(workspace, file);
      return {};
    }),
  );
  router.post(
    '/commands',
    json,
    answer(({ body }) => runCommand(workspace, compact(parseRequest(requests.commandRequest, body)))),
  );
  router.post(
    '/actions',
    json,
    answer(({ body }) => act(workspace, compact(parseRequest(requests.actionRequest, body)))),
  );
  router.post(
    '/shortcuts',
    json,
    answer(({ body }) => runShortcut(workspace, compact(parseRequest(requests.shortcutRequest, body)))),
  );
  router.post(
    '/views',
    json,
    answer(({ body }) => submitView(workspace, compact(parseRequest(requests.submitRequest, body)))),
  );
  router.get(
    '/views',
    answer(({ query }) => {
      const user = personFor(workspace, parseRequest(requests.actorQuery, query).as);
      return { views: workspace.modals.of(user.id).map(({ view, errors }) => openView(view, errors)) };
    }),
  );
  router.get(
    '/home',
    answer(({ query }) => ({ view: openHome(workspace, parseRequest(requests.actorQuery, query).as) })),
  );
  router.get(
    '/options',
    answer(async ({ query }) => ({
      options: await suggestOptions(workspace, parseRequest(requests.optionsRequest, query)),
    })),
  );
  router.get(
    '/failures',
    answer(() => ({
      active: failures.active(),
      known: failures.known(),
    })),
  );
  router.put(
    '/failures',
    json,
    answer(({ body }) => {
      failures.set(parseRequest(requests.failuresRequest, body).modes);
      return { active: failures.active() };
    }),
  );
  router.post(
    '/people',
    json,
    answer(({ body }) => ({
      person: person(addPerson(workspace, compact(parseRequest(requests.personRequest, body)))),
    })),
  );
  router.post(
    '/members',
    json,
    answer(({ body }) => changeMembers(workspace, compact(parseRequest(requests.memberRequest, body)))),
  );
  router.post(
    '/channels',
    json,
    answer(({ body }) => changeArchived(workspace, parseRequest(requests.archiveRequest, body))),
  );
  router.get(
    '/app',
    answer(() => viewApp(workspace)),
  );
  router.put(
    '/app',
    json,
    answer(({ body }) => changeApp(workspace, body)),
  );
  router.post(
    '/socket',
    json,
    answer(({ body }) => {
      options.sockets.recycle(parseRequest(requests.socketRequest, body).how);
      return {};
    }),
  );
  router.get(
    '/calls',
    answer(() => ({ calls: options.calls() })),
  );
  router.use((_request, response) => {
    response.status(404).json({ error: 'The control interface has nothing at this address.' });
  });
  router.use(controlErrors('workspace', workspace.log));
  return router;
};

const listMessages = (workspace: Workspace, query: unknown): object[] => {
  const { channel, thread } = parseRequest(requests.messagesQuery, query);
  const { id } = channelFor(workspace, channel);
  return workspace.store.messages
    .all(id, thread)
    .filter(({ threadTs, ts }) => thread !== undefined || threadTs === undefined || threadTs === ts)
    .map((message) => storedMessage(workspace, message));
};

const fileFor = (workspace: Workspace, id: string): FileRecord => {
  const file = workspace.store.files.get(id);
  if (file === null || file.state === 'reserved' || file.state === 'deleted') {
    throw new ControlError(404, 'This file doesn’t exist, or was deleted.');
  }
  return file;
};

/** Removes keys with undefined, which exact optional types do not allow. */
const compact = <T extends object>(
  record: T,
): { [Key in keyof T]: undefined extends T[Key] ? Exclude<T[Key], undefined> : T[Key] } =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as never;
