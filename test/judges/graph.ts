import { createServerAdapter } from '@whatwg-node/server';
import type { RandomRun } from '../support/random-runs.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { serve } from '../support/serve.ts';
import { createCatalog, createNotes } from './neighbours.ts';
import { serveGateway } from './served-gateway.ts';

export const TOKEN = 'token-of-alice';
export const ROUTER_SECRET = 'secret-of-the-router';

/** The gateway with neighbours, on loopback, and what is asked upstream. */
export async function startGraph(runs: readonly RandomRun[]) {
  await using starting = new AsyncDisposableStack();
  const { log, lines } = recordedLog();
  const config = { accessTokens: [TOKEN], routerSecrets: [ROUTER_SECRET], log };
  const served = starting.use(await serveGateway({ runs, config }));
  const notes = starting.use(await serve(createServerAdapter(createNotes(runs))));
  const catalog = starting.use(await serve(createServerAdapter(createCatalog())));
  const parts = starting.move();
  return {
    ...served,
    lines,
    urls: { runs: served.graphql, notes: `${notes.baseUrl}/graphql`, catalog: `${catalog.baseUrl}/graphql` },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

export type Graph = Awaited<ReturnType<typeof startGraph>>;
