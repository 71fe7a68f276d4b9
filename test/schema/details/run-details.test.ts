import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DetailsGateway, detailRunId, startDetailsGateway } from '../../support/details-upstream.ts';
import { post } from '../../support/execute.ts';
import { answerSteps, inOrder, type TimedStep } from '../../support/parts-model.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { randomSteps, timedSteps, type WireStep, wireText } from '../../support/random-steps.ts';
import { relayPage } from '../../support/relay-algorithm.ts';

const RUN = detailRunId(0);
const STEPS = `/v1/runs/${RUN}/steps`;
const METRICS = `/v1/runs/${RUN}/metrics`;

interface Answer {
  readonly data: never;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly unknown[];
    readonly extensions: { readonly code: string };
  }[];
}

async function ask(test: DetailsGateway, query: string, variables: object = {}): Promise<Answer> {
  return JSON.parse(await post(test.gateway, JSON.stringify({ query, variables })));
}

/** A place in the list as a fraction of its length. */
const place = fc.option(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { nil: undefined });
const sizes = fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 1000 }));
const request = fc.record({
  forward: fc.boolean(),
  size: fc.option(sizes, { nil: undefined }),
  after: place,
  before: place,
});

interface StepPage {
  readonly edges: readonly { readonly cursor: string; readonly node: { id: string; index: number } }[];
  readonly pageInfo: Readonly<Record<string, unknown>>;
}

async function pageOfSteps(test: DetailsGateway, args: object): Promise<StepPage> {
  const { data, errors } = await ask(
    test,
    `query ($id: ID!, $first: Int, $last: Int, $after: String, $before: String) {
      run(id: $id) {
        steps(first: $first, last: $last, after: $after, before: $before) {
          edges { cursor node { id index } }
          pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        }
      }
    }`,
    { id: RUN, ...args },
  );
  expect(errors).toBeUndefined();
  return (data as { run: { steps: StepPage } }).run.steps;
}

describe('Run.steps', () => {
  it('has exact pages both ways while the run grows, and no step twice', async () => {
    await using test = await startDetailsGateway();
    await fc.assert(
      fc.asyncProperty(
        timedSteps(RUN, 300),
        fc.array(fc.tuple(fc.nat(100), request), { minLength: 1, maxLength: 6 }),
        async (inserted, requests) => {
          const cursors = new Map<string, string>();
          const lengths = requests.map(([percent]) => Math.ceil((percent / 100) * inserted.length));
          for (const [index, length] of lengths.toSorted((a, b) => a - b).entries()) {
            const grown = inserted.slice(0, length);
            test.answers.set(STEPS, (query) => answerSteps(grown, query));
            const all = inOrder(grown);
            const drawn = requests[index]?.[1];
            if (drawn === undefined) return;
            const [after, before] = [drawn.after, drawn.before].map((at) =>
              at === undefined ? undefined : all[Math.floor(at * all.length)],
            );
            // A cursor of an earlier page, when the run was shorter, or else the id of the step.
            const cursorOf = (step: TimedStep | undefined) => step && (cursors.get(step.id) ?? step.id);
            const page = await pageOfSteps(test, {
              ...(drawn.size !== undefined && { [drawn.forward ? 'first' : 'last']: drawn.size }),
              after: cursorOf(after),
              before: cursorOf(before),
            });
            const expected = relayPage(all, () => true, {
              [drawn.size !== undefined && !drawn.forward ? 'last' : 'first']: drawn.size ?? 100,
              after,
              before,
            });
            expect(page.edges.map(({ node }) => node)).toEqual(
              expected.rows.map((step) => ({ id: step.id, index: all.indexOf(step) })),
            );
            expect(page.pageInfo).toEqual({
              hasNextPage: expected.hasNextPage,
              hasPreviousPage: expected.hasPreviousPage,
              startCursor: page.edges[0]?.cursor ?? null,
              endCursor: page.edges.at(-1)?.cursor ?? null,
            });
            for (const { cursor, node } of page.edges) {
              expect(cursors.get(node.id) ?? cursor).toBe(cursor);
              cursors.set(node.id, cursor);
            }
          }
        },
      ),
      { numRuns: propertyRuns(60) },
    );
  });

  it.each(['first', 'last'] as const)(
    'are walked by %s while they grow: none twice, and none lost',
    async (way) => {
      await using test = await startDetailsGateway();
      await fc.assert(
        fc.asyncProperty(timedSteps(RUN, 300), fc.integer({ min: 5, max: 120 }), async (inserted, size) => {
          const seen: string[] = [];
          const began = inserted.slice(0, Math.ceil(inserted.length / 2));
          let grown = began;
          let args = {};
          for (;;) {
            const steps = grown;
            test.answers.set(STEPS, (query) => answerSteps(steps, query));
            const { edges, pageInfo } = await pageOfSteps(test, { [way]: size, ...args });
            const ids = edges.map(({ node }) => node.id);
            if (way === 'first') seen.push(...ids);
            else seen.unshift(...ids);
            if (!pageInfo[way === 'first' ? 'hasNextPage' : 'hasPreviousPage']) break;
            args = way === 'first' ? { after: pageInfo['endCursor'] } : { before: pageInfo['startCursor'] };
            grown = inserted.slice(0, grown.length + 3);
          }
          // Those of one time may be inserted on either side of a cursor.
          expect(seen).toEqual(
            inOrder(grown)
              .map(({ id }) => id)
              .filter((id) => seen.includes(id)),
          );
          expect(began.filter(({ id }) => !seen.includes(id))).toEqual([]);
        }),
        { numRuns: propertyRuns(20) },
      );
    },
  );

  it('refuses cursors of other lists, and says what is allowed', async () => {
    await using test = await startDetailsGateway();
    test.answers.set(STEPS, '[{"id":"step-1"}]');
    for (const after of [RUN, 'x', 'step-2']) {
      const { data, errors } = await ask(
        test,
        `{ run(id: "${RUN}") { id steps(after: "${after}") { nodes { id } } } }`,
      );
      expect(data).toEqual({ run: { id: RUN, steps: null } });
      expect(errors).toMatchObject([
        { path: ['run', 'steps'], extensions: { code: 'INVALID_CURSOR', argument: 'after' } },
      ]);
    }
    const { errors } = await ask(
      test,
      `{ run(id: "${RUN}") {
        a: steps(first: 1001) { nodes { id } } b: steps(last: -1) { nodes { id } } c: steps(first: 1, last: 1) { nodes { id } }
      } }`,
    );
    expect(errors?.map(({ message }) => message)).toEqual([
      'first: expected a whole number from 0 to 1000, but got 1001',
      'last: expected a whole number from 0 to 1000, but got -1',
      'first and last: expected one of the two, but got both (first: 1, last: 1)',
    ]);
  });
});

describe('Run.usage', () => {
  it('is the exact sum over all steps, and for each model', async () => {
    await using test = await startDetailsGateway();
    const fields =
      'promptTokens completionTokens totalTokens cachedInputTokens cacheWriteTokens reasoningTokens stepCount';
    await fc.assert(
      fc.asyncProperty(randomSteps(RUN, 80), async (steps) => {
        test.answers.set(STEPS, wireText(steps));
        const text = await post(
          test.gateway,
          JSON.stringify({
            query: `{ run(id: "${RUN}") { usage { ${fields} byModel { model ${fields} } } } }`,
          }),
        );
        const models = [...new Set(steps.map(({ model }) => model))];
        const byModel = models.map((model) => ({
          model,
          ...sums(steps.filter((step) => step.model === model)),
        }));
        expect(text).toBe(`{"data":{"run":{"usage":${wireText({ ...sums(steps), byModel })}}}}`);
      }),
      { numRuns: propertyRuns(100) },
    );
  });
});

/** The sums of the tokens of steps, by bigints. */
function sums(steps: readonly WireStep[]): Readonly<Record<string, unknown>> {
  const of = (name: string): bigint | null => {
    const known = steps.map((step) => step[name]).filter((value) => value !== null && value !== undefined);
    return known.length === 0
      ? null
      : known.reduce<bigint>((sum, value) => sum + BigInt(value as number), 0n);
  };
  return {
    promptTokens: of('prompt_tokens') ?? 0n,
    completionTokens: of('completion_tokens') ?? 0n,
    totalTokens: of('total_tokens') ?? 0n,
    cachedInputTokens: of('cached_input_tokens'),
    cacheWriteTokens: of('cache_write_tokens'),
    reasoningTokens: of('reasoning_tokens'),
    stepCount: steps.length,
  };
}

describe('Run.metrics', () => {
  it.each([
    ['1767228597938056123', '2026-01-01T00:49:57.938056123Z'],
    ['1767228597938056000', '2026-01-01T00:49:57.938056Z'],
    ['1767228597000000000', '2026-01-01T00:49:57Z'],
    ['0', '1970-01-01T00:00:00Z'],
    ['null', null],
  ])('%s nanoseconds are the instant %s', async (nanoseconds, startedAt) => {
    await using test = await startDetailsGateway();
    test.answers.set(
      METRICS,
      `{"id":"${RUN}","run_start_ns":${nanoseconds},"run_ns":544975332093,"num_steps":3,"tools_used":["tool-1"]}`,
    );
    const { data } = await ask(
      test,
      `{ run(id: "${RUN}") { metrics { startedAt durationNs stepCount toolIds } } }`,
    );
    expect(data).toEqual({
      run: { metrics: { startedAt, durationNs: 544975332093, stepCount: 3, toolIds: ['tool-1'] } },
    });
  });

  it('are null where nothing was measured', async () => {
    await using test = await startDetailsGateway();
    const { data, errors } = await ask(test, `{ run(id: "${RUN}") { id metrics { stepCount } } }`);
    expect([data, errors]).toEqual([{ run: { id: RUN, metrics: null } }, undefined]);
  });
});

describe('RunStep.timing', () => {
  const STEP = 'step-1';
  const QUERY = `{ run(id: "${RUN}") { steps { nodes { timing { startedAt totalNs modelNs toolNs } } } } }`;
  const timingOf = async (answer: string | { status: number; body: string } | undefined) => {
    await using test = await startDetailsGateway();
    test.answers.set(STEPS, JSON.stringify([{ id: STEP, run_id: RUN }]));
    if (answer !== undefined) test.answers.set(`/v1/steps/${STEP}/metrics`, answer);
    const { data, errors } = await ask(test, QUERY);
    return { timing: Object(data).run.steps.nodes[0].timing, errors };
  };

  it('is what was measured, to the nanosecond', async () => {
    const metrics = `{"id":"${STEP}","step_start_ns":1767228597938056123,"llm_request_start_ns":null,"llm_request_ns":100000000,"tool_execution_ns":7,"step_ns":123456789}`;
    expect(await timingOf(metrics)).toEqual({
      timing: {
        startedAt: '2026-01-01T00:49:57.938056123Z',
        totalNs: 123456789,
        modelNs: 100000000,
        toolNs: 7,
      },
      errors: undefined,
    });
  });

  it('has what a server leaves out as null', async () => {
    const nothing = { startedAt: null, totalNs: null, modelNs: null, toolNs: null };
    expect(await timingOf('{"step_start_ns":null}')).toEqual({ timing: nothing, errors: undefined });
  });

  it('is null for a step that was not measured', async () => {
    expect(await timingOf(undefined)).toEqual({ timing: null, errors: undefined });
  });

  it("is null for a step whose id the runs API can't look up", async () => {
    const refused = { status: 422, body: '{}' };
    expect(await timingOf(refused)).toEqual({ timing: null, errors: undefined });
  });
});

describe('RunStep.toolNames', () => {
  const message = (step: number, type: string, own: object) => ({
    id: `message-${step}-${type}`,
    step_id: `step-${step}`,
    message_type: `${type}_message`,
    ...own,
  });
  const calls = (...names: (string | null)[]) => ({
    tool_calls: names.map((name, at) => ({ name, arguments: '{}', tool_call_id: `call-${at}` })),
  });
  const namesOf = async (
    messages: readonly object[],
    types?: readonly string[],
    stepRun: string | null = RUN,
  ) => {
    await using test = await startDetailsGateway();
    const steps = [1, 2].map((at) => ({ id: `step-${at}`, run_id: stepRun }));
    test.answers.set(STEPS, JSON.stringify(steps));
    test.answers.set(`/v1/runs/${RUN}/messages`, JSON.stringify(messages));
    if (types !== undefined) {
      const run = { id: RUN, agent_id: 'agent-1', created_at: '2026-01-01T00:00:00Z', status: 'completed' };
      const request_config = { include_return_message_types: types };
      test.answers.set(`/v1/runs/${RUN}`, JSON.stringify({ ...run, request_config }));
    }
    const { data, errors } = await ask(test, `{ run(id: "${RUN}") { steps { nodes { toolNames } } } }`);
    expect(errors).toBeUndefined();
    return Object(data).run.steps.nodes.map(({ toolNames }: { toolNames: unknown }) => toolNames);
  };

  it('are those that the step called or asked to call, in order, each once', async () => {
    const messages = [
      message(1, 'tool_call', calls('search', 'read', 'search')),
      message(2, 'reasoning', { reasoning: 'x' }),
      message(1, 'approval_request', { tool_call: { name: 'delete', arguments: '{}', tool_call_id: 'c' } }),
      message(1, 'tool_return', { tool_return: 'x', status: 'success', tool_call_id: 'call-0' }),
    ];
    expect(await namesOf(messages)).toEqual([['search', 'read', 'delete'], []]);
  });

  it('are unknown where a call has no name, or cannot be read', async () => {
    const messages = [
      message(1, 'tool_call', calls('search', null)),
      message(2, 'tool_call', { tool_calls: 7 }),
    ];
    expect(await namesOf(messages)).toEqual([null, null]);
  });

  it('are unknown where the run was started with types of messages that leave calls out', async () => {
    const both = ['tool_call_message', 'approval_request_message', 'tool_return_message'];
    const messages = [message(1, 'tool_call', calls('search'))];
    expect(await namesOf(messages, both)).toEqual([['search'], []]);
    expect(await namesOf([], ['assistant_message'])).toEqual([null, null]);
    expect(await namesOf(messages, both.slice(0, 1))).toEqual([null, null]);
    expect(await namesOf(messages, [])).toEqual([['search'], []]);
  });

  it('are unknown of a step that belongs to no run', async () => {
    expect(await namesOf([], undefined, null)).toEqual([null, null]);
  });
});

describe('A step by its id', () => {
  it('is a node, and knows its place', async () => {
    await using test = await startDetailsGateway();
    const [first, second] = ['step-1', 'step-2'].map((id) => ({ id, run_id: RUN }));
    test.answers.set(STEPS, JSON.stringify([first, second]));
    test.answers.set('/v1/steps/step-2', JSON.stringify(second));
    test.answers.set('/v1/steps/step-x', { status: 422, body: '{}' });
    const query =
      '{ nodes(ids: ["step-2", "step-3", "step-x", "steps"]) { __typename id ... on RunStep { index runId } } }';
    const { data } = await ask(test, query);
    expect(data).toEqual({
      nodes: [{ __typename: 'RunStep', id: 'step-2', index: 1, runId: RUN }, null, null, null],
    });
  });
});
