import express, { type Request, type RequestHandler, type Response, Router } from 'express';
import { faultsOf } from '../blocks/faults.ts';
import type { ApiCall } from '../control/contract.ts';
import { faultsError, SlackError } from '../errors.ts';
import type { Json } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import type { Method } from './method.ts';
import { scopesOf } from './scopes.ts';

/** Methods that take effect although `lost-responses` drops the response. */
const LOSES_ACKS = new Set(['chat.postMessage', 'chat.update', 'files.completeUploadExternal']);
const POSTS = new Set(['chat.postMessage', 'chat.update']);
const HISTORY = new Set(['conversations.history', 'conversations.replies']);

/** `/api/:method`: transport, tokens, scopes, limits and failures. The rest is the method's. */
export const createApiRouter = (
  workspace: Workspace,
  methods: ReadonlyMap<string, Method>,
  record: (call: ApiCall, given: Json, body: Json) => void,
): Router => {
  const router = Router();
  const answer: RequestHandler<{ method: string }> = async (request, response) => {
    const name = request.params.method;
    const given = { ...request.query, ...(request.body as Json | undefined) };
    const reply = (status: number, body: Json, headers: Record<string, string> = {}): void => {
      const error = typeof body.error === 'string' ? { error: body.error } : {};
      record({ method: name, atMs: workspace.nowMs(), status, ...error }, given, body);
      if (body.ok === true && LOSES_ACKS.has(name) && workspace.failures.shouldFail('lost-responses')) {
        request.socket.destroy();
        return;
      }
      response.status(status).set(headers).json(body);
    };
    if (workspace.failures.shouldFail('api-hang')) return;
    if (workspace.failures.shouldFail('api-500')) {
      reply(500, { ok: false, error: 'internal_error' });
      return;
    }
    try {
      const { body, headers } = await call(workspace, methods, name, request, given);
      reply(200, body, headers);
    } catch (error) {
      if (error instanceof RateLimited) {
        reply(429, { ok: false, error: 'ratelimited' }, { 'retry-after': String(error.waitSec) });
      } else if (error instanceof SlackError) {
        reply(200, { ok: false, error: error.code, ...error.details });
      } else {
        workspace.log.error({ err: error, method: name }, 'slack: a Web API method failed');
        reply(500, { ok: false, error: 'internal_error' });
      }
    }
  };
  const body = [
    express.json({ limit: '4mb', type: 'application/json' }),
    express.urlencoded({ limit: '4mb', extended: false, parameterLimit: 1000 }),
  ];
  router.route('/:method').get(answer).post(body, answer);
  router.use((_error: unknown, _request: Request, response: Response, _next: () => void) => {
    response.json({ ok: false, error: 'invalid_json' });
  });
  return router;
};

class RateLimited extends Error {
  readonly waitSec: number;
  constructor(waitSec: number) {
    super('ratelimited');
    this.waitSec = waitSec;
  }
}

const call = async (
  workspace: Workspace,
  methods: ReadonlyMap<string, Method>,
  name: string,
  request: Request,
  given: Json,
): Promise<{ body: Json; headers: Record<string, string> }> => {
  const method = methods.get(name);
  if (method === undefined) throw new SlackError('unknown_method', { req_method: name });
  checkToken(workspace, method, request, given);
  checkScopes(workspace, method);
  if (workspace.failures.shouldFail('api-error')) throw new SlackError('internal_error');
  const parsed = method.args.safeParse(given, { reportInput: true });
  if (!parsed.success) throw argumentsError(parsed.error);
  checkLimits(workspace, method, name, parsed.data);
  const result = await method.run(workspace, parsed.data);
  return { body: { ok: true, ...withWarnings(request, result) }, headers: scopeHeaders(workspace, method) };
};

/** A missing argument is reported by name; a missing channel has its own error. */
const argumentsError = (error: Parameters<typeof faultsOf>[0]): SlackError => {
  const [first] = error.issues;
  if (first?.path[0] === 'channel' && first.code === 'invalid_type') {
    return new SlackError('channel_not_found');
  }
  return faultsError('invalid_arguments', faultsOf(error, ''));
};

const checkToken = (workspace: Workspace, method: Method, request: Request, given: Json): void => {
  if (method.token === 'none') return;
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  // Slack reads tokens from the header or a form, not from JSON.
  const inForm = request.is('application/json') ? undefined : given.token;
  const token = bearer ?? (typeof inForm === 'string' ? inForm : undefined);
  if (token === undefined || token === '') throw new SlackError('not_authed');
  const { bot, app } = workspace.tokens;
  if (token !== bot && token !== app) throw new SlackError('invalid_auth');
  if (token !== (method.token === 'bot' ? bot : app)) throw new SlackError('not_allowed_token_type');
};

const checkScopes = (workspace: Workspace, { token, scopes }: Method): void => {
  if (token !== 'bot' || scopes.length === 0) return;
  const provided = scopesOf(workspace);
  if (scopes.some((scope) => provided.includes(scope))) return;
  throw new SlackError('missing_scope', { needed: scopes.join(','), provided: provided.join(',') });
};

const checkLimits = (workspace: Workspace, method: Method, name: string, given: unknown): void => {
  const { failures, limits } = workspace;
  if (POSTS.has(name) && failures.shouldFail('rate-limit-posts')) throw new RateLimited(1);
  if (!workspace.app().enforceLimits) return;
  const slow = HISTORY.has(name) && failures.isOn('rate-limit-history');
  const key = `${name} ${slow ? 'slow' : ''} ${method.limitKey?.(given) ?? ''}`;
  const waitSec = limits.take(key, slow ? 1 : method.tier);
  if (waitSec !== null) throw new RateLimited(waitSec);
};

const scopeHeaders = (workspace: Workspace, { token, scopes }: Method): Record<string, string> =>
  token === 'bot'
    ? {
        'x-oauth-scopes': scopesOf(workspace).join(','),
        ...(scopes.length === 0 ? {} : { 'x-accepted-oauth-scopes': scopes.join(',') }),
      }
    : {};

/** JSON without a charset works, with a warning. */
const withWarnings = (request: Request, result: Json): Json => {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('application/json') || /charset/i.test(type)) return result;
  const metadata = (result.response_metadata ?? {}) as { warnings?: string[] };
  const warnings = [...(metadata.warnings ?? []), 'missing_charset'];
  return { ...result, warning: warnings.join(','), response_metadata: { ...metadata, warnings } };
};
