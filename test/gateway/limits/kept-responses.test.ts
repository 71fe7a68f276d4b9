import { expect, it } from 'vitest';
import { answersOfRuns } from '../../support/answers.ts';
import { runId } from '../../support/ids.ts';
import { openGatewayOver } from '../../support/open-gateway.ts';

const MAX_BYTES = 10_000;
const RUNS = 100;
/** As many runs as fit, each with messages of just more than half of the largest response. */
const FITTING = 7;
const FLAG = 'messages(first: 0) { pageInfo { hasNextPage } }';
const TOO_LARGE = {
  message: `The operation needs more than ${4 * MAX_BYTES} bytes of memory for the runs API's responses; request fewer runs at once.`,
  extensions: { code: 'RESPONSE_TOO_LARGE', maxBytes: 4 * MAX_BYTES, retryable: false },
};
const start = () => {
  const long = 'x'.repeat(5200);
  const message = { id: 'message-1', message_type: 'user_message', content: long };
  const run = { agent_id: 'agent-1', created_at: '2026-01-01T00:00:00Z', metadata: { long } };
  const answers = Array.from({ length: RUNS }, (_, number) => ({
    [`/v1/runs/${runId(number)}/messages`]: [message],
    [`/v1/runs/${runId(number)}`]: { id: runId(number), ...run },
  }));
  const answer = answersOfRuns(RUNS, Object.assign({}, ...answers));
  return openGatewayOver(answer, {}, { maxUpstreamBytes: MAX_BYTES });
};

it('RESPONSE_TOO_LARGE is the error of each run whose details are too much for one operation, which are not even asked for', async () => {
  await using open = await start();
  const ask = (count: number) =>
    open.execute<{ runs: { nodes: { messages: object | null }[] } }>(
      `{ runs(first: ${count}) { nodes { ${FLAG} } } }`,
    );
  expect(await ask(FITTING)).not.toHaveProperty('errors');
  open.upstream.requests.length = 0;
  const { data, errors = [] } = await ask(RUNS);
  const absent = data?.runs.nodes.flatMap(({ messages }, row) => (messages === null ? [row] : [])) ?? [];
  expect(absent).toHaveLength(RUNS - FITTING);
  expect(new Set(errors.map(({ path }) => path?.[2]))).toEqual(new Set(absent));
  for (const error of errors) expect(error).toMatchObject(TOO_LARGE);
  // Those that were under way when it was too much are all that is in vain.
  expect(open.upstream.requests.length).toBeLessThanOrEqual(1 + FITTING + 32);
  expect(await ask(FITTING)).not.toHaveProperty('errors');
});
