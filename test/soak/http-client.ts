import { Agent, request } from 'node:http';

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** How a client leaves before it has its answer. */
export interface HangUp {
  readonly afterMs: number;
  /** Whether it leaves within its own request, rather than while it waits. */
  readonly withinRequest: boolean;
}

/** Clients of one gateway that keep their connections. */
export interface HttpClient extends Disposable {
  /** Resolves with undefined when the client has hung up. @throws Error when the connection fails */
  postQuery(query: string, hangUp: HangUp | null): Promise<HttpAnswer | undefined>;
}

/** Connections that wait for their next request; there are as many as there are requests at once. */
const MAX_IDLE = 32;

export function createHttpClient(url: string): HttpClient {
  const agent = new Agent({ keepAlive: true, maxFreeSockets: MAX_IDLE });
  return {
    postQuery(query, hangUp) {
      const body = JSON.stringify({ query });
      const headers = {
        accept: 'application/json',
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      };
      return new Promise((resolve, reject) => {
        let left = false;
        let timer: NodeJS.Timeout | undefined;
        const sent = request(`${url}/graphql`, { method: 'POST', headers, agent }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('error', (error) => (left ? resolve(undefined) : reject(error)));
          response.once('end', () => {
            clearTimeout(timer);
            resolve({
              status: response.statusCode ?? 0,
              contentType: response.headers['content-type'] ?? '',
              body: Buffer.concat(chunks).toString(),
            });
          });
        });
        sent.once('error', (error) => (left ? resolve(undefined) : reject(error)));
        if (hangUp !== null) {
          timer = setTimeout(() => {
            left = true;
            sent.destroy();
            resolve(undefined);
          }, hangUp.afterMs);
        }
        if (hangUp?.withinRequest) sent.write(body.slice(0, body.length / 2));
        else sent.end(body);
      });
    },
    [Symbol.dispose]: () => agent.destroy(),
  };
}
