import { IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Refusal } from '../access/refusal.ts';
import { requestIdOf } from '../observability/request-id.ts';

/** The refusals of requests that Node can't read, by the code of its error. */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: new Refusal('BAD_REQUEST', 'The request took too long to arrive.', {
    status: 408,
  }),
  HPE_CHUNK_EXTENSIONS_OVERFLOW: new Refusal('PAYLOAD_TOO_LARGE', 'The chunk extensions are too large.'),
  HPE_HEADER_OVERFLOW: new Refusal('BAD_REQUEST', 'The headers are too large.', { status: 431 }),
};
const malformed = new Refusal('BAD_REQUEST', 'The request is not valid HTTP.');
const unmet = new Refusal('BAD_REQUEST', 'The only expectation that is met is 100-continue.', {
  status: 417,
});

/** Refuses requests that Node would refuse without a body. Closes the connection if an answer has begun on it. */
export function refuseMalformed(server: Server): void {
  server.on('checkExpectation', ({ headers }, response) => {
    unmet.send(response, requestIdOf(headers['x-request-id']));
  });
  server.on('clientError', ({ code = '' }: NodeJS.ErrnoException, socket: HttpSocket): void => {
    const response = socket._httpMessage ?? new ServerResponse(new IncomingMessage(socket));
    if (!socket.writable || response.headersSent) return void socket.destroy();
    if (response.socket === null) response.assignSocket(socket);
    response.setHeader('connection', 'close').once('finish', () => socket.destroySoon());
    (REFUSALS[code] ?? malformed).send(response, requestIdOf(undefined));
  });
}

/** A socket with the answer under way, to which its input belongs. */
type HttpSocket = Socket & { readonly _httpMessage?: ServerResponse | null };
