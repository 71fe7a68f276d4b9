import process from 'node:process';
import { defineConfig } from '@graphql-hive/gateway';

/** What decides what a caller sees, and what joins the logs and traces of both. */
const HEADERS = ['authorization', 'x-project', 'x-project-id', 'x-request-id', 'traceparent', 'tracestate'];

/** Subscriptions go by server-sent events, with the same headers. */
export const gatewayConfig = defineConfig({
  propagateHeaders: {
    fromClientToSubgraphs: ({ request }) => ({
      ...Object.fromEntries(HEADERS.map((name) => [name, request.headers.get(name)])),
      'router-authorization': `Bearer ${process.env['ROUTER_SECRET']}`,
    }),
  },
  // It reads @cost, but no @listSize: each list counts as this many.
  demandControl: { maxCost: 10_000, listSize: 100 },
});
