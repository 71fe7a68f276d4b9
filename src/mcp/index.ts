import { type GatewayContext, type GatewayPlugin, gatewayOf, pathOf } from '../access/gateway-request.ts';
import { DATA_HEADERS, methodNotAllowed, Refusal } from '../access/refusal.ts';
import { wholeResponse } from '../http/raw-response.ts';
import { postReader } from '../http/request-body.ts';
import { textsOf } from '../http/websockets/messages.ts';
import type { SentOperation } from '../http/websockets/operations.ts';
import { forbiddenOrigin } from '../http/websockets/upgrade.ts';
import type { Journal } from '../observability/journal.ts';
import { requestIdOf } from '../observability/request-id.ts';
import * as documents from './documents.ts';
import { type Caller, executeOperation, type Send } from './operations.ts';

export const MCP_PATH = '/mcp';
/** The documents of the tools. */
export const mcpDocuments: readonly string[] = Object.values(documents).map(({ text }) => text);

export interface McpOptions {
  /** The path of GraphQL. */
  readonly endpoint: string;
  readonly readOnly: boolean;
  readonly mcpWrite: boolean;
  readonly publicUrl: string | undefined;
  readonly hasExplorer: boolean;
  /** Whether pages of an origin may send requests. */
  readonly admits: (origin: string, host: string) => boolean;
  readonly journal: Journal;
  readonly send: Send;
}

/** The Model Context Protocol, by HTTP and by standard input and output. The library is loaded at the first request. */
export interface Mcp {
  /** Serves {@link MCP_PATH}, once the caller was authenticated. */
  readonly plugin: GatewayPlugin;
  /** Serves the process that has started this one, with the API key. Disposing ends it. */
  readonly serveStdio: () => Promise<AsyncDisposable>;
}

const batch = new Refusal('BAD_REQUEST', 'Expected one JSON-RPC message, but got a batch of messages.');

export function createMcp(options: McpOptions): Mcp {
  const { endpoint, hasExplorer, publicUrl, admits, journal, send } = options;
  const canWrite = options.mcpWrite && !options.readOnly;

  /** @param root the address of the gateway that the client used, if any */
  const callerOf = (about: Pick<SentOperation, 'headers' | 'requestId'>, root?: string): Caller => ({
    mayWrite: canWrite,
    pageOf(runId) {
      const shown = publicUrl ?? (hasExplorer ? root : undefined);
      return shown === undefined ? null : `${shown}/runs/${runId ? encodeURIComponent(runId) : '<id>'}`;
    },
    failed: (error) => journal.failed(error, { requestId: about.requestId }),
    execute(query, variables, signal) {
      const params = { query, variables };
      const url = `http://localhost${endpoint}`;
      return executeOperation(send, { ...about, url, params, bytes: query.length }, signal);
    },
  });

  const answer = async (request: Request, context: GatewayContext): Promise<Response> => {
    const { headers, requestId, credentials, signal } = gatewayOf(context);
    const origin = request.headers.get('origin');
    if (origin !== null && !admits(origin, new URL(request.url).host)) throw forbiddenOrigin;
    if (request.method !== 'POST') throw methodNotAllowed('POST');
    const parsedBody: unknown = await postReader(request, context)();
    if (Array.isArray(parsedBody)) throw batch;
    const [{ createMcpHandler }, { createServer }] = await Promise.all([
      import('@modelcontextprotocol/server'),
      import('./server.ts'),
    ]);
    const caller = callerOf({ headers: textsOf(headers), requestId }, new URL(request.url).origin);
    const mayWrite = canWrite && !credentials.isReadOnly;
    const handler = createMcpHandler(() => createServer({ ...caller, mayWrite }), { maxSubscriptions: 0 });
    const { url, method } = request;
    return handler.fetch(new globalThis.Request(url, { method, headers: [...request.headers], signal }), {
      parsedBody,
    });
  };

  return {
    plugin: {
      async onRequest({ request, serverContext, fetchAPI, endResponse }) {
        if (pathOf(request.url) !== MCP_PATH) return;
        const { requestId, record } = gatewayOf(serverContext);
        try {
          const answered = await answer(request, serverContext);
          const type = { 'content-type': answered.headers.get('content-type') ?? 'application/json' };
          // Complete, since the answers are short.
          const body = await answered.bytes();
          endResponse(wholeResponse(fetchAPI, body, answered.status, { ...DATA_HEADERS, ...type }));
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          [record.code, record.refusal] = [error.code, error.message];
          endResponse(error.response(requestId, fetchAPI));
        }
      },
    },
    async serveStdio() {
      const [{ serveStdio }, { createServer }] = await Promise.all([
        import('@modelcontextprotocol/server/stdio'),
        import('./server.ts'),
      ]);
      const caller = (): Caller => callerOf({ headers: {}, requestId: requestIdOf(undefined) });
      const handle = serveStdio(() => createServer(caller()), { maxSubscriptions: 0 });
      return { [Symbol.asyncDispose]: () => handle.close() };
    },
  };
}
