import { expect, it } from 'vitest';
import { failureKey } from '../../../src/runs/failure-groups.ts';
import { execute } from '../../support/execute.ts';
import { agentId, runId } from '../../support/ids.ts';
import { openGateway } from '../../support/open-gateway.ts';
import { randomRuns } from '../../support/random-runs.ts';

/** A run that failed, the newest with the highest number. */
const failed = (number: number, error: string | null, stop_reason: string | null = 'llm_api_error') => ({
  id: runId(number),
  agent_id: agentId(number % 7),
  status: 'failed',
  stop_reason,
  metadata: error === null ? null : { error },
  created_at: new Date(Date.UTC(2026, 0, 1) + number * 1000).toISOString(),
});
/** The step of such a run. */
const step = (number: number, message: string, error_type = 'LLMError') => ({
  id: `step-${number}`,
  run_id: runId(number),
  created_at: '2026-01-01T00:00:00Z',
  status: 'failed',
  tags: [],
  error_type,
  error_data: { message },
});
const ids = (...numbers: readonly number[]) => numbers.map(runId);
const exact = (value: number) => ({ value, precision: 'EXACT' });

const COUNT = '{ value precision }';
const GROUP = `code message count ${COUNT} agents { id } agentCount firstAt lastAt newestRun { id } runIds`;

it('runStats.byFailure makes one group of equal failures, wherever it says why the runs failed', async () => {
  await using open = await openGateway({
    runs: [
      ...[1, 2, 3].map((n) => failed(n, `Call "c${n}" took ${n} s`)),
      failed(4, null, null),
      failed(5, null, null),
      failed(6, 'Call "c6" took 6 s', null),
      { ...failed(7, null, 'max_steps'), status: 'completed' },
      { ...failed(8, null, 'end_turn'), status: 'completed' },
      { ...failed(9, null, null), status: 'running' },
    ],
  });
  open.store.steps.insert([step(4, 'boom'), step(5, 'boom'), step(6, 'boom', 'ToolError')]);
  const at = (seconds: number) => `2026-01-01T00:00:0${seconds}Z`;
  const group = (code: string, message: string, numbers: readonly number[]) => ({
    code,
    message,
    count: exact(numbers.length),
    agents: numbers.map((number) => ({ id: agentId(number % 7) })),
    agentCount: numbers.length,
    firstAt: at(Math.min(...numbers)),
    lastAt: at(Math.max(...numbers)),
    newestRun: { id: runId(Math.max(...numbers)) },
    runIds: ids(...numbers),
  });
  const groups = [
    group('LLM_API_ERROR', 'Call "c3" took 3 s', [3, 2, 1]),
    group('LLMError', 'boom', [5, 4]),
    group('MAX_STEPS', expect.stringContaining('steps'), [7]),
    // By its message alone it would be in the first group.
    group('ToolError', 'Call "c6" took 6 s', [6]),
  ];
  for (const rowCopying of [true, false]) {
    await using gateway = await open.another({ rowCopying });
    const query = `{ runStats { byFailure { ${GROUP} } byFailureRunCount ${COUNT} } }`;
    expect(await execute(gateway, query)).toEqual({
      data: { runStats: { byFailure: groups, byFailureRunCount: exact(7) } },
    });
  }
});

it('runStats.byFailure groups by Run.failure the newest runs that failed or were cut short', async () => {
  await using open = await openGateway({ runs: randomRuns(200, 8) });
  type Failure = { readonly code: string | null; readonly message: string };
  type Data = {
    runs: { nodes: { id: string; failure: Failure | null }[] };
    runStats: { byFailure: (Failure & { runIds: string[] })[]; byFailureRunCount: object };
  };
  const { runs, runStats } = await open.dataOf<Data>(`{
    runs(first: 1000) { nodes { id failure { code message } } }
    runStats { byFailure(first: 100, runs: 40) { code message runIds } byFailureRunCount(runs: 40) ${COUNT} }
  }`);
  const newest = runs.nodes.filter(({ failure }) => failure !== null).slice(0, 40);
  const expected = [...Map.groupBy(newest, ({ failure }) => failureKey(failure)).values()]
    .map((nodes) => ({ ...nodes[0]?.failure, runIds: nodes.map(({ id }) => id) }))
    .toSorted((a, b) => b.runIds.length - a.runIds.length);
  expect(expected.length).toBeGreaterThan(3);
  expect(runStats).toEqual({ byFailure: expected, byFailureRunCount: { value: 40, precision: 'AT_LEAST' } });
});

it('runStats.byFailure reads only the pages of the list where failures stand in the runs', async () => {
  const kinds = ['Overloaded', 'Timed out after N s', 'No credits'];
  await using open = await openGateway({
    runs: Array.from({ length: 1200 }, (_, n) => failed(n, kinds[n % 3]!.replace('N', String(n)))),
  });
  const args = '(first: 2, runs: 500)';
  const { runStats } = await open.dataOf<{ runStats: { byFailure: { runIds: string[] }[] } }>(
    `{ runStats { byFailure${args} { code message agentCount agents { id } count ${COUNT} newestRun { id failure { code message } } runIds } } }`,
  );
  const run = (n: number) => ({
    id: runId(n),
    failure: { code: 'LLM_API_ERROR', message: kinds[n % 3]!.replace('N', String(n)) },
  });
  const group = (n: number, value: number) => ({
    ...run(n).failure,
    agentCount: 7,
    agents: [0, 3, 6, 9, 12].map((older) => ({ id: agentId((n - older) % 7) })),
    count: { value, precision: 'AT_LEAST' },
    newestRun: run(n),
    runIds: Array.from({ length: 100 }, (_, index) => runId(n - 3 * index)),
  });
  expect(runStats.byFailure).toEqual([group(1199, 167), group(1198, 167)]);
  const asked = open.upstream.urls.slice();
  // Another gateway has learned nothing from the first one either.
  await execute(await open.another(), '{ runStats { count { value } } }');
  expect(open.upstream.urls.slice(asked.length)).toEqual(asked);
});

it('runStats.byFailure.toolName is the tool that all runs of a group have in common, and alone reads messages', async () => {
  await using open = await openGateway({
    runs: [...[1, 2].map((n) => failed(n, 'a')), ...[3, 4].map((n) => failed(n, 'b')), failed(5, 'c')],
  });
  const tools = { 1: 'search', 2: 'search', 3: 'search', 4: 'refund' };
  open.store.messages.insert(
    Object.entries(tools).map(([number, name]) => {
      const id = `message-${number}`;
      const message_type = 'tool_return_message' as const;
      const returned = { name, status: 'error', tool_return: 'no', tool_call_id: `call-${number}` };
      const item = { id, message_type, step_id: null, ...returned };
      const created_at = '2026-01-01T00:00:00Z';
      return { id, run_id: runId(Number(number)), created_at, items: [item] };
    }),
  );
  const query = (fields: string) => `{ runStats { byFailure { message ${fields} } } }`;
  await open.dataOf(query('count { value }'));
  expect(open.upstream.requests.filter(({ path }) => path.endsWith('/messages'))).toEqual([]);
  expect(await open.dataOf(query('toolName'))).toEqual({
    runStats: {
      byFailure: [
        { message: 'b', toolName: null },
        { message: 'a', toolName: 'search' },
        { message: 'c', toolName: null },
      ],
    },
  });
});
