import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { execute } from '../support/execute.ts';
import { ADDRESS_VARIABLES } from './arguments.ts';
import { openDatabase } from './database.ts';

/** A server, and the address of its PostgreSQL database, which `psql` reads. */
const upstreamUrl = process.env[ADDRESS_VARIABLES.upstream];
const database = process.env['CONTRACT_DATABASE'];
const lacks = upstreamUrl === undefined || database === undefined;
const NEEDS = '(needs CONTRACT_UPSTREAM, CONTRACT_DATABASE and psql)';

/** Trillionths for a token. */
const PRICES = {
  prompt: 150_000,
  cachedInput: 75_000,
  cacheWrite: 187_500,
  completion: 600_000,
  reasoning: 700_001,
};
const MODEL = 'gpt-4o-mini';
const AT_ONCE = 20;

interface Step {
  readonly id: string;
  readonly timing: object | null;
  readonly toolNames: readonly string[] | null;
}

interface Expected {
  readonly id: string;
  readonly steps: readonly Step[];
  /** In trillionths, as a text; null without a step of a model with a price. */
  readonly cost: string | null;
  readonly isComplete: boolean;
}

/** A tool that is shown as a message isn't called, as far as can be seen; calls that are left out are not known. */
const BY_SQL = `WITH calls AS (
    SELECT step_id, call.value -> 'function' ->> 'name' AS name, min(sequence_id * 1000 + call.ordinality) AS at
    FROM messages, json_array_elements(messages.tool_calls) WITH ORDINALITY AS call
    WHERE role IN ('assistant', 'approval') AND messages.tool_calls IS NOT NULL AND NOT messages.is_deleted
      AND call.value -> 'function' ->> 'name' <> 'send_message'
    GROUP BY 1, 2
  ), types AS (
    SELECT id, CASE WHEN json_typeof(request_config -> 'include_return_message_types') = 'array'
      THEN (request_config -> 'include_return_message_types')::jsonb END AS types FROM runs
  ), told AS (
    SELECT steps.*, step_ns, step_start_ns, llm_request_ns, tool_execution_ns, step_metrics.id IS NOT NULL AS is_measured,
      CASE WHEN types IS NULL OR types = '[]' OR types @> '["tool_call_message", "approval_request_message"]'
        THEN (SELECT coalesce(json_agg(name ORDER BY at), '[]') FROM calls WHERE step_id = steps.id) END AS tools,
      (prompt_tokens - coalesce(cached_input_tokens, 0) - coalesce(cache_write_tokens, 0))::numeric * ${PRICES.prompt}
        + coalesce(cached_input_tokens, 0)::numeric * ${PRICES.cachedInput}
        + coalesce(cache_write_tokens, 0)::numeric * ${PRICES.cacheWrite}
        + (completion_tokens - coalesce(reasoning_tokens, 0))::numeric * ${PRICES.completion}
        + coalesce(reasoning_tokens, 0)::numeric * ${PRICES.reasoning} AS trillionths
    FROM steps LEFT JOIN step_metrics USING (id) JOIN types ON types.id = steps.run_id
  )
  SELECT jsonb_agg(run) FROM (
    SELECT run_id AS id,
      sum(trillionths) FILTER (WHERE model = '${MODEL}')::text AS cost,
      bool_and(model = '${MODEL}' AND status <> 'PENDING') AS "isComplete",
      json_agg(json_build_object('id', id, 'toolNames', tools, 'timing', CASE WHEN is_measured THEN json_build_object(
        'startedAt', step_start_ns::text, 'totalNs', step_ns, 'modelNs', llm_request_ns, 'toolNs', tool_execution_ns) END)
        ORDER BY created_at, id) AS steps
    FROM told GROUP BY run_id
  ) AS run`;

function expectedRuns(): readonly Expected[] {
  const [runs] = openDatabase(database ?? '').read([BY_SQL]);
  return runs as readonly Expected[];
}

const QUERY = `query ($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on Run {
      id
      cost { amount isComplete }
      steps(first: 1000) { nodes { id toolNames timing { startedAt totalNs modelNs toolNs } } }
    }
  }
}`;

interface Data {
  readonly nodes: readonly ({
    readonly id: string;
    readonly cost: { readonly amount: number; readonly isComplete: boolean } | null;
    readonly steps: { readonly nodes: readonly Step[] } | null;
  } | null)[];
}

/** Nanoseconds since 1970 as the instant that they are. */
function instantOf(nanoseconds: string | null | undefined): string | null {
  if (nanoseconds == null) return null;
  const fraction = nanoseconds.slice(-9).replace(/0+$/, '');
  const second = new Date(Number(nanoseconds.slice(0, -9)) * 1000).toISOString().slice(0, 19);
  return `${second}${fraction === '' ? '' : `.${fraction}`}Z`;
}

it.skipIf(lacks)(
  `The timing, tools and costs of all steps are those of SQL ${NEEDS}`,
  { timeout: 600_000 },
  async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'prices-'));
    const prices = join(folder.path, 'prices.json');
    const perMillion = Object.entries(PRICES).map(([kind, price]) => [kind, price / 1e6]);
    const content = { currency: 'USD', models: { [MODEL]: Object.fromEntries(perMillion) } };
    await writeFile(prices, JSON.stringify(content));
    const options = { prices, maxCost: 1_000_000, operationTimeoutMs: 300_000 };
    await using gateway = await createGateway({ upstreamUrl: upstreamUrl ?? '', ...options });
    const expected = new Map(expectedRuns().map((run) => [run.id, run]));
    const compared = { runs: 0, costs: 0, steps: 0, timed: 0, tools: 0, failed: 0 };
    const ids = [...expected.keys()];
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      const some = { ids: ids.slice(at, at + AT_ONCE) };
      const { data, errors = [] } = await execute<Data, object>(gateway, QUERY, some);
      const failed = new Set(errors.map(({ path = [] }) => path.join('.')));
      compared.failed += failed.size;
      for (const [place, run] of (data?.nodes ?? []).entries()) {
        const known = run && expected.get(run.id);
        if (!known || run.steps === null) continue;
        compared.runs += 1;
        compared.costs += run.cost === null ? 0 : 1;
        const cost =
          known.cost === null ? null : { amount: Number(`${known.cost}e-12`), isComplete: known.isComplete };
        expect(run.cost, run.id).toEqual(cost);
        expect(run.steps.nodes.map(({ id }) => id)).toEqual(known.steps.map(({ id }) => id));
        for (const [index, step] of run.steps.nodes.entries()) {
          const { timing, toolNames } = known.steps[index] as Step;
          const startedAt = instantOf(Object(timing).startedAt);
          expect(step.timing, step.id).toEqual(timing && { ...timing, startedAt });
          compared.steps += 1;
          compared.timed += timing === null ? 0 : 1;
          // The server fails for all messages of some runs.
          if (failed.has(`nodes.${place}.steps.nodes.${index}.toolNames`)) continue;
          compared.tools += 1;
          expect(step.toolNames, step.id).toEqual(toolNames);
        }
      }
    }
    expect(compared.timed).toBeGreaterThan(0);
    process.stdout.write(`${JSON.stringify(compared)}\n`);
  },
);
