import { type IncomingMessage, type ServerResponse } from 'node:http';
import { serve } from './serve.ts';

/** A server between the gateway and its upstream that writes down what is asked. */
export interface RecordingProxy extends AsyncDisposable {
  readonly baseUrl: string;
  /** Paths with their queries, in the order of arrival. */
  readonly requests: string[];
}

/** Changes the address that the upstream sees, and may take its time; the record keeps what was asked. */
export type Rewrite = (url: URL) => URL | Promise<URL>;

/** What some proxies make of repeated keys: one key, its values joined by commas. */
export const joinRepeatedKeys: Rewrite = (url) => {
  for (const key of new Set(url.searchParams.keys())) {
    url.searchParams.set(key, url.searchParams.getAll(key).join(','));
  }
  return url;
};

export async function startRecordingProxy(
  target: string,
  rewrite: Rewrite = (url) => url,
): Promise<RecordingProxy> {
  const requests: string[] = [];
  const forward = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests.push(request.url ?? '');
    const { authorization, accept = '*/*' } = request.headers;
    const answer = await fetch(await rewrite(new URL(request.url ?? '', target)), {
      headers: { accept, ...(authorization !== undefined && { authorization }) },
      redirect: 'manual',
    });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    response.end(await answer.text());
  };
  const served = await serve(forward);
  return {
    ...served,
    requests,
  };
}
