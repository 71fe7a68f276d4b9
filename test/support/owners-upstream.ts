import { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { startRunsApi } from '../../embedded-api/server.ts';
import { openStore, type RunStore } from '../../embedded-api/store/store.ts';
import { serve } from './serve.ts';

type Headers = Readonly<Record<string, string>>;

/** A server with several owners of runs, and it is the headers of a request that say whose are shown. */
export interface OwnersUpstream extends AsyncDisposable {
  readonly baseUrl: string;
  /** What each owner has, in their order. */
  readonly stores: readonly RunStore[];
}

/**
 * Starts one embedded API for each owner behind one address. Answers take a moment, so that requests that
 * are sent at once are in flight at once.
 *
 * @param owners the headers that name each of them, all others of `names` being absent
 */
export async function startOwnersUpstream(
  names: readonly string[],
  owners: readonly Headers[],
): Promise<OwnersUpstream> {
  await using starting = new AsyncDisposableStack();
  const keyOf = (headers: IncomingHttpHeaders): string =>
    JSON.stringify(names.map((name) => headers[name] ?? null));
  const addresses = new Map<string, string>();
  const stores: RunStore[] = [];
  for (const owner of owners) {
    const store = starting.use(openStore());
    const { baseUrl } = starting.use(await startRunsApi({ store }));
    stores.push(store);
    addresses.set(keyOf(owner), baseUrl);
  }
  const forward = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', url = '', headers } = request;
    const target = addresses.get(keyOf(headers));
    const body = await buffer(request);
    await sleep(20);
    if (target === undefined) return void response.writeHead(404).end();
    const answer = await fetch(target + url, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(method === 'POST' && { body }),
    });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
  };
  const { baseUrl: url } = starting.use(await serve(forward));
  const parts = starting.move();
  return { baseUrl: url, stores, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}
