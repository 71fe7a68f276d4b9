import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HostCheck } from '../../config/hosts.ts';
import type { Journal } from '../../observability/journal.ts';
import type { Clients } from './clients.ts';
import { refuse } from './failure.ts';
import type { Handler } from './handler.ts';
import { type FrameworkRequest, RequestBody } from './request-body.ts';
import { checkHead } from './request-head.ts';
import { send } from './send.ts';

/** A request listener for Node's http module and frameworks built on it. */
export type NodeListener = (request: IncomingMessage, response: ServerResponse) => void;

export function createNodeListener(
  handle: Handler,
  serves: HostCheck,
  clients: Clients,
  journal: Journal,
): NodeListener {
  const serve = async (request: FrameworkRequest, response: ServerResponse): Promise<void> => {
    const target = request.originalUrl ?? request.url ?? '';
    const { method = '', headers } = request;
    const refusal = checkHead(request, target, serves);
    if (refusal !== undefined) return send(request, response, refuse(refusal, headers, journal));
    const client = clients.of(request.socket);
    const body = new RequestBody(client.holder);
    const left = new AbortController();
    response.once('close', () => {
      client.finish();
      body.drop();
      if (!response.writableFinished) left.abort();
    });
    const end = target.indexOf('?');
    const answer = await handle({
      method,
      host: headers.host,
      path: end === -1 ? target : target.slice(0, end),
      search: end === -1 ? '' : target.slice(end + 1),
      headers,
      signal: left.signal,
      client,
      remoteAddress: request.socket.remoteAddress,
      readBody: () => body.readNode(request),
    });
    body.drop();
    if (!left.signal.aborted) send(request, response, answer, client);
  };
  return (request, response) => {
    // Its client may have left while a framework had it: nothing would tell when it is over.
    if (!request.socket.destroyed) void serve(request, response);
  };
}
