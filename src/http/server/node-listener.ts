import type { IncomingMessage, ServerResponse } from 'node:http';
import { REQUEST_ID_HEADER, requestIdOf } from '../../observability/request-id.ts';
import type { Clients } from './clients.ts';
import { misdirected } from './failure.ts';
import type { Handler } from './handler.ts';
import { type HostCheck, isMisdirected } from './hosts.ts';
import type { Outbox } from './outbox.ts';
import { type FrameworkRequest, RequestBody } from './request-body.ts';
import { invalidHead } from './request-target.ts';
import { DATA_HEADERS } from './security-headers.ts';
import { respond } from './send.ts';

/** A request listener for Node's http module and frameworks built on it. */
export type NodeListener = (request: IncomingMessage, response: ServerResponse) => void;

export function createNodeListener(handle: Handler, clients: Clients, outbox: Outbox): NodeListener {
  const serve = async (request: FrameworkRequest, response: ServerResponse): Promise<void> => {
    const client = clients.of(request.socket);
    const body = new RequestBody(client.holder);
    const left = new AbortController();
    response.once('close', () => {
      client.finish();
      body.drop();
      if (!response.writableFinished) left.abort();
    });
    const target = request.originalUrl ?? request.url ?? '';
    const end = target.indexOf('?');
    const { method = '', headers } = request;
    const answer = await handle(
      {
        method,
        host: headers.host,
        path: end === -1 ? target : target.slice(0, end),
        search: end === -1 ? '' : target.slice(end + 1),
        headers,
        signal: left.signal,
        client,
        readBody: () => body.readNode(request),
      },
      invalidHead(request, target),
    );
    body.drop();
    if (!left.signal.aborted) outbox.send(request, response, answer, client);
  };
  return (request, response) => void serve(request, response);
}

/** Refuses requests for hosts that are not served, whatever they ask for. */
export function guardHosts(listener: NodeListener, serves: HostCheck): NodeListener {
  return (request, response) => {
    const { host } = request.headers;
    if (!isMisdirected(host, serves)) return listener(request, response);
    const requestId = requestIdOf(request.headers[REQUEST_ID_HEADER]);
    const answer = misdirected(host)(requestId);
    const headers = { ...DATA_HEADERS, ...answer.headers, [REQUEST_ID_HEADER]: requestId };
    respond(request, response, { ...answer, headers });
  };
}
