import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { composeSubgraphs } from '@graphql-mesh/fusion-composition';
import RestTransport from '@graphql-mesh/transport-rest';
import { DefaultLogger } from '@graphql-mesh/utils';
import { loadOpenAPISubgraph } from '@omnigraph/openapi';
import { serve } from '../harness/serve.ts';
import { UPSTREAM_URL } from './upstream-runs.ts';

/**
 * Hive Gateway over a schema that GraphQL Mesh makes of the API's OpenAPI document: no code at all,
 * but the list as REST has it, without a connection and without a `hasNextPage`. In the document,
 * times are plain texts: as `date-time`, which Letta's own document calls them, the ones without a
 * zone are errors, and the others lose their microseconds.
 */
const load = loadOpenAPISubgraph('runs', {
  source: new URL('../runs-openapi.json', import.meta.url).pathname,
  endpoint: UPSTREAM_URL,
});
const { name, schema$ } = load({
  cwd: import.meta.dirname,
  fetch,
  logger: new DefaultLogger('hive'),
});
const { supergraphSdl, errors } = composeSubgraphs([{ name, schema: await schema$ }]);
if (supergraphSdl === undefined) throw new AggregateError(errors ?? [], 'No supergraph');

serve(createGatewayRuntime({ supergraph: supergraphSdl, transports: { rest: RestTransport } }));
