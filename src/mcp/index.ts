import { type GatewayContext, type GatewayPlugin, gatewayOf, pathOf } from '../access/gateway-request.ts';
import { REQUEST_CHARGE } from '../access/rate-limit.ts';
import type { RateLimiter } from '../access/rate-limiter.ts';
import { DATA_HEADERS, methodNotAllowed, overloaded, Refusal } from '../access/refusal.ts';
import { rawResponse } from '../http/raw-response.ts';
import { postReader } from '../http/request-body.ts';
import { textsOf } from '../http/websockets/messages.ts';
import type { OperationHandler } from '../http/websockets/operations.ts';
import { forbiddenOrigin } from '../http/websockets/upgrade.ts';
import { parseInputJson } from '../json/parse-json.ts';
import type { Journal } from '../observability/journal.ts';
import { requestIdOf } from '../observability/request-id.ts';
import type { Caller, OperationResult } from './caller.ts';
import * as documents from './documents.ts';

const PATH = '/mcp';

export interface McpOptions {
  /** Whether MCP is served by HTTP, unless GraphQL has the same path. */
  readonly mcp: boolean;
  readonly mcpWrite: boolean;
  readonly readOnly: boolean;
  readonly publicUrl: string | undefined;
  readonly hasExplorer: boolean;
  /** The path of GraphQL. */
  readonly endpoint: string;
  /** Whether pages of an origin may send requests. */
  readonly admits: (origin: string, host: string) => boolean;
  readonly journal: Journal;
  readonly rateLimit: RateLimiter | undefined;
  /** Answers an operation of a tool in the same way as one of a WebSocket, by all plugins. */
  readonly handleOperation: OperationHandler;
}

/** The most values in a message: the library would report a problem for each of any number. */
const MAX_VALUES = 500;

const batch = new Refusal('BAD_REQUEST', 'Expected one JSON-RPC message, but got a batch of messages.');
const tooMany = new Refusal('BAD_REQUEST', `Expected a message of at most ${MAX_VALUES} values.`);

/** The Model Context Protocol, by HTTP and by standard input and output. Its library is loaded at the first request. */
export function createMcp(options: McpOptions) {
  const { endpoint, hasExplorer, publicUrl, admits, journal, rateLimit } = options;
  const isServed = options.mcp && endpoint !== PATH;
  const canWrite = options.mcpWrite && !options.readOnly;

  /** @param requestId the id of the HTTP request @param root the address that the client used */
  const callerOf = (headers: Record<string, string>, requestId?: string, root?: string): Caller => ({
    mayWrite: canWrite,
    pageOf(runId) {
      const shown = publicUrl ?? (hasExplorer ? root : undefined);
      const id = runId ? encodeURIComponent(runId.toWellFormed()) : '<id>';
      return shown === undefined ? null : `${shown}/runs/${id}`;
    },
    failed: (error) => journal.failed(error, { requestId }),
    async execute(query, variables, take, controller) {
      const send = async (result: Uint8Array): Promise<void> => {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- What the gateway has written.
        take(parseInputJson(Buffer.from(result).toString()) as OperationResult);
      };
      const payload = { query, variables };
      const about = { headers, requestId: requestIdOf(requestId), bytes: query.length };
      const url = `http://localhost${endpoint}`;
      const errors = await options.handleOperation({ ...about, url, payload, send, controller });
      if (errors !== undefined) take({ errors });
    },
  });

  const respond = async (
    request: Request,
    context: GatewayContext,
    fetchAPI: Parameters<typeof rawResponse>[0],
  ): Promise<Response> => {
    const { headers, credentials, signal, memory } = gatewayOf(context);
    const { origin: root, host } = new URL(request.url);
    const ofPage = request.headers.get('origin');
    if (ofPage !== null && !admits(ofPage, host)) throw forbiddenOrigin;
    if (request.method !== 'POST') throw methodNotAllowed('POST');
    const parsedBody: unknown = await postReader(request, context)();
    if (Array.isArray(parsedBody)) throw batch;
    if (hasTooMany(parsedBody)) throw tooMany;
    const { handleMessage } = await import('./server.ts');
    const caller = callerOf(textsOf(headers), context.requestId, root);
    const { url, method } = request;
    const copy = new globalThis.Request(url, { method, headers: [...request.headers], signal });
    const mayWrite = canWrite && !credentials.isReadOnly;
    let isCharged = false;
    const execute: Caller['execute'] = (...operation) => {
      isCharged = true;
      return caller.execute(...operation);
    };
    const response = await handleMessage(copy, parsedBody, { ...caller, mayWrite, execute });
    const type = { 'content-type': response.headers.get('content-type') ?? 'application/json' };
    // Read as a whole, since the responses are short.
    const body = await response.bytes();
    if (!memory.add(body.length)) throw overloaded;
    if (!isCharged) await rateLimit?.charge(credentials.account, REQUEST_CHARGE);
    return rawResponse(fetchAPI, body, response.status, { ...DATA_HEADERS, ...type });
  };

  const plugin: GatewayPlugin = {
    onRequest(payload) {
      const { request, serverContext, fetchAPI } = payload;
      if (pathOf(request.url) !== PATH) return undefined;
      const { record } = gatewayOf(serverContext);
      const refused = (error: unknown): Response => {
        if (!(error instanceof Refusal)) throw error;
        [record.code, record.refusal] = [error.code, error.message];
        return error.response(record.requestId, fetchAPI);
      };
      return respond(request, serverContext, fetchAPI)
        .catch(refused)
        .then((response) => payload.endResponse(response));
    },
  };

  return {
    /** The path by HTTP; undefined if it is not served. */
    path: isServed ? PATH : undefined,
    /** Serves that path, once the caller was authenticated. */
    plugins: isServed ? [plugin] : [],
    /** The documents of the tools, to be trusted where only trusted documents are executed. */
    documents: Object.values(documents)
      .map(({ text }) => text)
      .filter((text) => isServed && (canWrite || !text.startsWith('mutation'))),
    /** Serves the process that has started this one, with the API key. Disposing ends it. */
    serveStdio: async (): Promise<AsyncDisposable> => {
      const { connectStdio } = await import('./server.ts');
      const connection = connectStdio(() => callerOf({}));
      return { [Symbol.asyncDispose]: () => connection.close() };
    },
  };
}

/** Whether a message has more than {@link MAX_VALUES}. */
function hasTooMany(message: unknown): boolean {
  const values = [message];
  for (const value of values) {
    const inner: readonly unknown[] = Object.values(value instanceof Object ? value : {});
    if (values.length + inner.length > MAX_VALUES) return true;
    values.push(...inner);
  }
  return false;
}
