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
  // A list without `first` and `last` counts as one row here, and as 100 in the gateway, which has a limit of its own.
  demandControl: { maxCost: 10_000 },
});
