import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DetailsGateway, detailRunId, startDetailsGateway } from '../../support/details-upstream.ts';
import { type Answer, execute } from '../../support/execute.ts';

const RUNS = 60;
const MAX_BYTES = 10_000;
/** As many runs as fit, each with messages of just more than half of the largest response. */
const FITTING = 7;

let test: DetailsGateway;
beforeAll(async () => {
  test = await startDetailsGateway(RUNS, { upstreamMaxBytes: MAX_BYTES });
  const message = { id: 'message-1', message_type: 'user_message', content: 'x'.repeat(5300) };
  const run = {
    agent_id: 'agent-1',
    status: 'completed',
    created_at: '2026-01-01T00:00:00Z',
    metadata: { x: 'x'.repeat(5300) },
  };
  for (let number = 0; number < RUNS; number++) {
    test.answers.set(`/v1/runs/${detailRunId(number)}/messages`, JSON.stringify([message]));
    test.answers.set(`/v1/runs/${detailRunId(number)}`, JSON.stringify({ id: detailRunId(number), ...run }));
  }
});
afterAll(() => test[Symbol.asyncDispose]());

interface Runs {
  readonly runs: { readonly nodes: readonly { readonly messages: object | null }[] };
}

const FLAGS = 'messages(first: 0) { pageInfo { hasNextPage } }';
const ask = (count: number): Promise<Answer<Runs>> =>
  execute(test.gateway, `{ runs(first: ${count}) { nodes { ${FLAGS} } } }`);

const TOO_LARGE = {
  message: `The operation needs more than ${4 * MAX_BYTES} bytes of the runs API's responses; request fewer runs at once.`,
  extensions: { code: 'RESPONSE_TOO_LARGE', maxBytes: 4 * MAX_BYTES, retryable: false },
};

describe('What an operation looks up', () => {
  it('is answered if it fits', async () => {
    expect(await ask(FITTING)).not.toHaveProperty('errors');
  });

  it('is an error for what does not fit, which is not even asked for', async () => {
    test.requests.length = 0;
    const { data, errors = [] } = await ask(RUNS);
    const absent = data?.runs.nodes.flatMap(({ messages }, row) => (messages === null ? [row] : [])) ?? [];
    expect(absent).toHaveLength(RUNS - FITTING);
    expect(errors.map(({ path }) => path)).toEqual(
      expect.arrayContaining(absent.map((row) => ['runs', 'nodes', row, 'messages'])),
    );
    for (const error of errors) expect(error).toMatchObject(TOO_LARGE);
    // Those that were under way when it was too much are all that is in vain.
    expect(test.requests.length).toBeLessThanOrEqual(1 + FITTING + 16);
    expect(await ask(FITTING)).not.toHaveProperty('errors');
  });

  it('is held once for each run, however often it is shown', async () => {
    const aliases = Array.from({ length: 20 }, (_, n) => `a${n}: ${FLAGS}`).join(' ');
    expect(await execute(test.gateway, `{ run(id: "${detailRunId(0)}") { ${aliases} } }`)).not.toHaveProperty(
      'errors',
    );
  });

  it('also counts where it is looked up by id', async () => {
    const ids = Array.from({ length: RUNS }, (_, number) => detailRunId(number));
    const { errors = [] } = await execute(test.gateway, 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids,
    });
    expect(errors).toHaveLength(RUNS - FITTING);
    for (const error of errors) expect(error).toMatchObject(TOO_LARGE);
  });
});
