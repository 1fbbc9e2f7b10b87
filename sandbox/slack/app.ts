import express, { type Express } from 'express';
import { createGuard } from '../common/control/guard.ts';
import type { ApiCall } from './control/contract.ts';
import { createControlRouter } from './control/router.ts';
import type { SocketLink } from './events/socket.ts';
import { createDownloadHandler, loginPage } from './files/download.ts';
import { createUploadHandler } from './files/upload.ts';
import type { SlackOptions } from './options.ts';
import { createResponseUrlHandler } from './people/response-urls.ts';
import type { Json } from './types.ts';
import { createMethods } from './web/methods.ts';
import { createApiRouter } from './web/router.ts';
import type { Workspace } from './workspace.ts';

/** How many Web API calls are kept for `GET /control/calls`. */
const REMEMBERED_CALLS = 1000;

/** All HTTP routes of the Slack simulator. */
export const createApp = (parts: {
  workspace: Workspace;
  sockets: SocketLink;
  ownUrls: () => readonly string[];
  options: Pick<SlackOptions, 'pageDir' | 'providers' | 'phones' | 'witness'>;
}): Express => {
  const { workspace, sockets, ownUrls, options } = parts;
  const calls: ApiCall[] = [];
  const record = (call: ApiCall, given: Json, body: Json): void => {
    calls.push(call);
    if (calls.length > REMEMBERED_CALLS) calls.shift();
    options.witness?.called(call.method, given, body);
  };
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use('/api', createApiRouter(workspace, createMethods(sockets), record));
  app.post('/upload/v1/:id/:secret', createUploadHandler(workspace));
  app.get(['/files-pri/:ids/download/:name', '/files-pri/:ids/:name'], createDownloadHandler(workspace));
  app.post(
    '/actions/:team/:id',
    express.json({ limit: '4mb', type: () => true }),
    createResponseUrlHandler(workspace),
  );
  app.get('/login', (_request, response) => loginPage(response));

  const guard = createGuard(ownUrls);
  const { providers = [], pageDir, phones } = options;
  if (phones !== undefined) app.use('/control/phones', guard, phones.control);
  app.use('/control', guard, createControlRouter(workspace, { sockets, providers, calls: () => calls }));
  if (pageDir !== undefined) {
    app.use(guard, express.static(pageDir));
    // Links to messages open the page, which finds the message by the URL.
    app.get('/archives/*place', guard, (_request, response) =>
      response.sendFile('index.html', { root: pageDir }),
    );
  }
  return app;
};
