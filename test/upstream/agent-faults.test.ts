import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { execute } from '../support/execute.ts';
import { answerWith, type RawAnswer, startRawUpstream } from '../support/raw-upstream.ts';
import { FAULTS, SECRET } from './faults.ts';

const agentId = (letter: string) => `agent-${letter.repeat(8)}-0000-4000-8000-000000000000`;
const [FINE, FAULTY] = ['a', 'b'].map(agentId);
const RUNS = [FAULTY, FINE].map((agent_id, place) => ({
  id: `run-0000000${place}-0000-4000-8000-000000000000`,
  agent_id,
  created_at: `2025-01-01T00:00:0${9 - place}Z`,
  status: 'completed',
}));
const json = (value: unknown): RawAnswer => answerWith(200, JSON.stringify(value));
const agent = (id: string | undefined, more: object = {}) => ({
  id,
  name: `The ${id}`,
  tags: ['x'],
  ...more,
});

/** An upstream with two runs of two agents, of which one is answered as the test wants. */
const upstreamWith = (faulty: RawAnswer) =>
  startRawUpstream((socket, request) => {
    if (request.head.includes(`/agents/${FAULTY}`)) faulty(socket, request);
    else json(request.head.includes('/agents/') ? agent(FINE) : RUNS)(socket, request);
  });

const OPERATION = '{ runs(first: 2) { nodes { id agent { id name tags } } } }';
const row = (place: number, id: string | undefined, details: object) => ({
  id: RUNS[place]?.id,
  agent: { id, ...details },
});
const fine = row(1, FINE, { name: `The ${FINE}`, tags: ['x'] });
const pathOf = (field: string) => ['runs', 'nodes', 0, 'agent', field];

describe('An agent that fails leaves the others and its run', () => {
  it.each(FAULTS)('by $name, with $code', async ({ name, answer, code, attempts, retryable }) => {
    await using upstream = await upstreamWith(answer);
    // No answer is waited for long, where there is none.
    const upstreamTimeoutMs = code === 'UPSTREAM_TIMEOUT' ? 700 : 20_000;
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl, upstreamTimeoutMs });
    const { data, errors } = await execute(gateway, OPERATION);
    expect(data).toEqual({ runs: { nodes: [row(0, FAULTY, { name: null, tags: null }), fine] } });
    expect(errors?.map(({ path }) => path)).toEqual([pathOf('name'), pathOf('tags')]);
    for (const { extensions } of errors ?? []) expect(extensions).toMatchObject({ code, retryable });
    expect(JSON.stringify(errors)).not.toContain(SECRET);
    expect(upstream.heads.filter((head) => head.includes(`/agents/${FAULTY}`))).toHaveLength(
      // It is more likely that the API can't send this agent than that it is down.
      name === '500' ? 1 : attempts,
    );

    const { data: nodes, errors: failed } = await execute(
      gateway,
      `{ nodes(ids: ["${FAULTY}", "${FINE}"]) { id } }`,
    );
    // Nothing is known of an agent that can't be looked up, except by 404, that there is none.
    expect(nodes).toEqual({ nodes: [null, { id: FINE }] });
    if (name.startsWith('404')) expect(failed).toBeUndefined();
    else expect(failed).toMatchObject([{ path: ['nodes', 0], extensions: { code } }]);
  });

  it.each<[string, object, string, unknown]>([
    ['a name that is a number', { name: 5 }, 'name', ['x']],
    ['tags that are no list', { tags: 'x' }, 'tags', `The ${FAULTY}`],
    ['tags that are no texts', { tags: ['x', null] }, 'tags', `The ${FAULTY}`],
  ])('in one field: %s', async (_name, malformed, field, other) => {
    await using upstream = await upstreamWith(json(agent(FAULTY, malformed)));
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    const { data, errors } = await execute(gateway, OPERATION);
    const details = field === 'name' ? { name: null, tags: other } : { name: other, tags: null };
    expect(data).toEqual({ runs: { nodes: [row(0, FAULTY, details), fine] } });
    expect(errors).toMatchObject([
      { path: pathOf(field), extensions: { code: 'UPSTREAM_INVALID_RESPONSE', retryable: false } },
    ]);
  });

  it('by another agent in its place', async () => {
    await using upstream = await upstreamWith(json(agent(FINE)));
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    const { data, errors } = await execute(gateway, OPERATION);
    expect(data).toEqual({ runs: { nodes: [row(0, FAULTY, { name: null, tags: null }), fine] } });
    expect(errors).toHaveLength(2);
  });

  it('for good, by 500, while the list is asked for again and again', async () => {
    await using upstream = await upstreamWith(answerWith(500, '{}'));
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    for (let i = 0; i < 40; i++) {
      const { data, errors } = await execute(
        gateway,
        `{ bad: node(id: "${FAULTY}") { id } ${OPERATION.slice(1)}`,
      );
      expect(data).toEqual({
        bad: null,
        runs: { nodes: [row(0, FAULTY, { name: null, tags: null }), fine] },
      });
      expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual(Array(3).fill('UPSTREAM_ERROR'));
    }
  });

  it('by being larger than an answer may be', async () => {
    await using upstream = await upstreamWith(json(agent(FAULTY, { system: 'x'.repeat(70_000) })));
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl, upstreamMaxBytes: 65_536 });
    const { data, errors } = await execute(gateway, OPERATION);
    expect(data).toEqual({ runs: { nodes: [row(0, FAULTY, { name: null, tags: null }), fine] } });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_INVALID_RESPONSE' });
  });
});

it('A server that knows other forms of ids decides itself whether an agent exists', async () => {
  await using upstream = await startRawUpstream((socket, request) =>
    (request.head.includes('agent-1?') ? json(agent('agent-1')) : answerWith(422, '{}'))(socket, request),
  );
  await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
  const { data, errors } = await execute(gateway, `{ nodes(ids: ["agent-1", "agent-2"]) { id } }`);
  expect(errors).toBeUndefined();
  expect(data).toEqual({ nodes: [{ id: 'agent-1' }, null] });
});
