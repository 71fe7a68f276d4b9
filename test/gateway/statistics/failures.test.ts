import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { post } from '../../support/execute.ts';
import { agentId, runId } from '../../support/ids.ts';
import { openGateway } from '../../support/open-gateway.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { randomRuns } from '../../support/random-runs.ts';

type Data = { runs: { nodes: { outcome: string; failure: object | null }[] } };

it('Run.failure is null exactly where the outcome says so, and only other runs are looked up', async () => {
  const property = fc.asyncProperty(fc.integer(), async (seed) => {
    await using open = await openGateway({ runs: randomRuns(100, seed) });
    const query = '{ runs { nodes { outcome failure { message code source } } } }';
    const { data, errors } = await open.execute<Data>(query);
    const nodes = data?.runs.nodes ?? [];
    const failed = nodes.map(({ outcome }) => ['FAILED', 'CUT_SHORT'].includes(outcome));
    expect([errors, nodes.length]).toEqual([undefined, 100]);
    expect(nodes.map(({ failure }) => failure !== null)).toEqual(failed);
    expect(open.upstream.requests.length).toBeLessThanOrEqual(1 + failed.filter(Boolean).length);
  });
  await fc.assert(property, { numRuns: propertyRuns(5) });
});

const RUN = {
  id: runId(1),
  agent_id: agentId(1),
  created_at: '2026-01-01T00:00:00Z',
  total_duration_ns: 5,
  status: 'failed' as const,
};
const STEP = { id: 'step-1', run_id: RUN.id, created_at: RUN.created_at, status: 'failed', tags: [] };
const FAILURE = 'failure { message code source step { index } }';

it.each([
  `{ runs { nodes { ${FAILURE} } } }`,
  `{ node(id: "${RUN.id}") { ... on Run { ${FAILURE} } } }`,
  `{ _entities(representations: [{ __typename: "Run", id: "${RUN.id}" }]) { ... on Run { ${FAILURE} } } }`,
  `subscription { runUpdates(id: "${RUN.id}") { ${FAILURE} } }`,
])('Run.failure is the same wherever a run is: %s', async (query) => {
  await using open = await openGateway({ runs: [RUN] });
  open.store.steps.insert([{ ...STEP, error_type: 'LLMError', error_data: { message: 'boom' } }]);
  const headers = query.startsWith('sub') ? { accept: 'text/event-stream' } : {};
  const text = await post(open.gateway, { query }, headers);
  expect(text).toContain(
    '{"failure":{"message":"boom","code":"LLMError","source":"STEP","step":{"index":0}}}',
  );
});
