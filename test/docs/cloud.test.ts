import { Kind, OperationTypeNode, parse } from 'graphql';
import { beforeAll, expect, it } from 'vitest';
import { sampleDetails } from '../../embedded-api/samples/details/run-details.ts';
import { insertSamples } from '../../embedded-api/samples/sample-runs.ts';
import { startRunsApi } from '../../embedded-api/server.ts';
import { openStore } from '../../embedded-api/store/store.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { readExampleQueries } from '../../src/http/graphiql/index.ts';
import { execute } from '../support/execute.ts';
import { CLOUD, keyFor } from '../support/upstream-variants.ts';
import { BLOCKS } from './pages.ts';

/** The queries and mutations of the pages and of GraphiQL, which can be executed as they stand. */
const OPERATIONS = [
  ...BLOCKS.filter(({ language }) => language === 'graphql').map(({ page, text }) => ({ from: page, text })),
  ...(await readExampleQueries()).map((text) => ({ from: 'GraphiQL', text })),
].flatMap(({ from, text }) => {
  const { definitions } = parse(text);
  const operation = definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (
    definitions.length > 1 ||
    operation === undefined ||
    operation.operation === OperationTypeNode.SUBSCRIPTION
  )
    return [];
  return [{ from, name: operation.name?.value ?? '', text }];
});

interface NewestRuns {
  readonly runs: {
    readonly nodes: readonly { readonly id: string; createdAt: string; conversationId: string | null }[];
  };
}

let gateway: Gateway;
let valuesFor: (name: string) => object;
beforeAll(async () => {
  const parts = new AsyncDisposableStack();
  const store = parts.use(openStore({ makeDetails: sampleDetails }));
  insertSamples(store, { count: 2000, seed: 1 });
  const api = parts.use(await startRunsApi({ store, ...CLOUD[0] }));
  gateway = parts.use(
    await createGateway({ upstreamUrl: api.baseUrl, rateLimit: 10_000_000, ...keyFor(CLOUD[0]) }),
  );
  const { data } = await execute<NewestRuns, object>(
    gateway,
    '{ runs(first: 100) { nodes { id createdAt conversationId } } }',
  );
  const nodes = data?.runs.nodes ?? [];
  const ids = nodes.map(({ id }) => id);
  const conversation = nodes.find(({ conversationId }) => conversationId !== null)?.conversationId;
  const from = nodes.at(-1)?.createdAt;
  valuesFor = (name) => ({
    id: name === 'ConversationText' ? conversation : ids[0],
    ids: ids.slice(0, 3),
    from,
    since: from,
    until: from,
  });
  return () => parts.disposeAsync();
});

it('Over the Cloud, the pages have operations to try', () => {
  expect(OPERATIONS.length).toBeGreaterThan(8);
});

it.each(OPERATIONS)('Over the Cloud, $name of $from has no error', async ({ name, text }) => {
  const { data, errors } = await execute<Record<string, unknown>, object>(gateway, text, valuesFor(name));
  expect(errors).toBeUndefined();
  expect(Object.values(data ?? {})).not.toContain(null);
});
