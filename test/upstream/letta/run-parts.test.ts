import { describe, expect, it } from 'vitest';
import { createGateway } from '../../../src/gateway.ts';
import { RUN_PARTS } from '../../../src/upstream/letta/runs-url.ts';
import { execute } from '../../support/execute.ts';
import { answerWith, type RawUpstream, startRawUpstream } from '../../support/raw-upstream.ts';
import { KNOWN_PARTS } from '../../support/run-parts.ts';

const ID = 'run-00000000-0000-4000-8000-000000000001';
const RUN = { id: ID, agent_id: 'agent-1', created_at: '2025-01-01T00:00:05Z', status: 'completed' };

/** A server with one run and all of its parts. */
function startServer(): Promise<RawUpstream> {
  const answers = new Map<string, unknown>([[`/v1/runs/${ID}`, RUN]]);
  for (const { path, response } of Object.values(KNOWN_PARTS)) answers.set(`/v1/${path}`, response);
  return startRawUpstream((socket, request) => {
    const [, asked = ''] = /^GET ([^ ?]+)/.exec(request.head) ?? [];
    const answer = answers.get(asked);
    answerWith(answer === undefined ? 404 : 200, JSON.stringify(answer ?? {}))(socket, request);
  });
}

describe.each(Object.keys(RUN_PARTS))('The part %s of a run', (name) => {
  const known = KNOWN_PARTS[name];

  it('is known to the tests', () => {
    expect(known, `${name} is missing in KNOWN_PARTS of test/support/run-parts.ts`).toBeDefined();
  });

  it('is shown as its endpoint tells it', async () => {
    const { selection = '', shown } = known ?? {};
    await using upstream = await startServer();
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    expect(await execute(gateway, `{ run(id: "${ID}") { ${selection} } }`)).toEqual({ data: { run: shown } });
  });
});

it('The tests know no part that there is not', () => {
  expect(Object.keys(RUN_PARTS)).toEqual(expect.arrayContaining(Object.keys(KNOWN_PARTS)));
});
