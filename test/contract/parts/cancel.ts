import { describe, expect, test } from 'vitest';
import type { WireRun } from '../../support/run-fields.ts';
import type { Given } from '../observe.ts';
import { invalid, lacks } from '../releases.ts';

/** Cancels nothing: the agents and runs in it don't exist, or have ended. */
export function describeCancel(given: Given): void {
  const cancel = (body: string, agent = `agent-${crypto.randomUUID()}`) =>
    given().client.ask(`/v1/agents/${agent}/messages/cancel`, body);

  describe('cancelling runs', () => {
    test('runs that do not exist have failed, each with an entry in order', async (context) => {
      context.skip(...lacks(given(), 'an outcome for each run to cancel'));
      const ids = ['nonsense', `run-${crypto.randomUUID()}`, ''];
      const { status, body } = await cancel(JSON.stringify({ run_ids: ids }));
      expect(status).toBe(200);
      expect(Object.entries(Object(body))).toEqual(ids.map((id) => [id, 'failed']));
    });

    test('a malformed agent is a 422 with an example', async () => {
      const examples = [expect.stringMatching(/^agent-/)];
      expect(await cancel('{}', 'nonsense')).toEqual(invalid("('path', 'agent_id')", { examples }));
    });

    test('a run that has ended stays as it is, and counts as cancelled', async (context) => {
      context.skip(...lacks(given(), 'other methods'));
      const ended = given().heads.desc.rows.filter(
        ({ stop_reason }) => stop_reason !== null && stop_reason !== 'requires_approval',
      );
      context.skip(ended.length === 0, 'no run here has ended');
      for (const row of ended.slice(0, 3)) {
        const answer = await cancel(JSON.stringify({ run_ids: [row.id] }), row.agent_id);
        expect(answer.body).toEqual({ [row.id]: 'cancelled' });
        const { status, stop_reason, completed_at } = row;
        const { body } = await given().client.ask(`/v1/runs/${row.id}`);
        expect(body as WireRun).toMatchObject({ status, stop_reason, completed_at });
      }
    });
  });
}
