import { defineConfig } from '@graphql-hive/gateway';
import { gatewayConfig as bySse } from './gateway.config.ts';

/** The same, with subscriptions by WebSockets. */
export const gatewayConfig = defineConfig({
  ...bySse,
  transportEntries: {
    runs: {
      options: {
        subscriptions: {
          kind: 'ws',
          location: '/graphql',
          // Headers don't go into a WebSocket. Those who share one have the same parameters.
          options: {
            connectionParams: {
              authorization: '{context.headers.authorization}',
              'router-authorization': 'Bearer {env.ROUTER_SECRET}',
            },
          },
        },
      },
    },
  },
});
