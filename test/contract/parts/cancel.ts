import { describe, expect, test } from 'vitest';
import type { WireRun } from '../../support/run-fields.ts';
import type { Given } from '../observe.ts';
import { lacks } from '../releases.ts';
import { type Skips, testUnless } from '../skips.ts';

const unknownAgent = (): string => `agent-${crypto.randomUUID()}`;
const unknownRun = (): string => `run-${crypto.randomUUID()}`;

const PROBLEMS: readonly (readonly [body: string, type: string, loc: string])[] = [
  ['{"run_ids":"x"}', 'list_type', "('body', 'run_ids')"],
  ['{"run_ids":["x",1]}', 'string_type', "('body', 'run_ids', 1)"],
  ['[]', 'model_attributes_type', "('body',)"],
  ['"x"', 'model_attributes_type', "('body',)"],
  ['{"run_ids":', 'json_invalid', "('body', 11)"],
  ['nonsense', 'json_invalid', "('body', 0)"],
  ['{"a":1}x', 'json_invalid', "('body', 7)"],
];

/** Cancels nothing: the agents and runs in it don't exist, or have ended. */
export function describeCancel(given: Given, { otherMethods }: Skips): void {
  const cancel = async (body: string | undefined, agent = unknownAgent()) => {
    const { client } = given();
    const response = await client.post(`/v1/agents/${agent}/messages/cancel`, body);
    const answer: unknown = await response.json();
    return { status: response.status, body: answer };
  };

  describe('cancelling runs', () => {
    test.for([undefined, '{}', 'null', '{"run_ids":[]}', '{"run_ids":null}'])(
      'without names (%s) and active runs it is a 409',
      async (body, context) => {
        context.skip(...lacks(given(), 'a conflict if there is nothing to cancel'));
        const agent = unknownAgent();
        expect(await cancel(body, agent)).toEqual({
          status: 409,
          body: { detail: `CONFLICT: No active runs to cancel for agent ${agent}` },
        });
      },
    );

    test('runs that do not exist have failed, each with an entry in order', async (context) => {
      context.skip(...lacks(given(), 'an outcome for each run to cancel'));
      const ids = ['nonsense', unknownRun(), ''];
      const { status, body } = await cancel(JSON.stringify({ run_ids: ids }));
      expect(status).toBe(200);
      expect(Object.entries(Object(body))).toEqual(ids.map((id) => [id, 'failed']));
    });

    test.for(PROBLEMS)('the body %s is a 422', async ([body]) => {
      expect((await cancel(body)).status).toBe(422);
    });

    test.for(PROBLEMS)('the body %s is a problem of type %s at %s', async ([body, type, loc], context) => {
      context.skip(...lacks(given(), 'words for what is wrong with a body'));
      expect(await cancel(body)).toEqual({
        status: 422,
        body: {
          trace_id: expect.any(String),
          detail: expect.stringContaining(`{'type': '${type}', 'loc': ${loc}`),
        },
      });
    });

    test('a malformed agent is a 422 with an example', async () => {
      expect(await cancel('{}', 'nonsense')).toEqual({
        status: 422,
        body: {
          trace_id: expect.any(String),
          detail: expect.stringContaining("{'type': 'string_pattern_mismatch', 'loc': ('path', 'agent_id')"),
          examples: [expect.stringMatching(/^agent-/)],
        },
      });
    });

    testUnless(
      otherMethods,
      'a run that has ended stays as it is, and counts as cancelled',
      async (context) => {
        const { client, heads } = given();
        const ended = heads.desc.rows.filter(
          ({ stop_reason }) => stop_reason !== null && stop_reason !== 'requires_approval',
        );
        context.skip(ended.length === 0, 'no run here has ended');
        for (const row of ended.slice(0, 3)) {
          expect((await cancel(JSON.stringify({ run_ids: [row.id] }), row.agent_id)).body).toEqual({
            [row.id]: 'cancelled',
          });
          const response = await client.get(`/v1/runs/${row.id}`);
          const { status, stop_reason, completed_at }: WireRun = await response.json();
          expect({ status, stop_reason, completed_at }).toEqual({
            status: row.status,
            stop_reason: row.stop_reason,
            completed_at: row.completed_at,
          });
        }
      },
    );
  });
}
