import { expect, test } from 'vitest';
import type { Given } from '../observe.ts';
import { problemsOf, schemaOf } from '../recording.ts';
import { known } from '../releases.ts';
import { OBSERVING_TIMEOUT_MS, someRuns } from '../run-details.ts';

/** The rows of a server are what Letta's OpenAPI, as it was recorded, says of them. */
export function describeRecorded(given: Given): void {
  test(
    'what is sent of runs has the keys of the recording, and their types',
    async () => {
      const { client, heads, details } = given();
      const problems: string[] = [];
      const check = (row: object, name: string, keysOf: string): void => {
        // Sent, but in no recording.
        const { organization_id: _, ...recorded }: { organization_id?: unknown } = { ...row };
        const schema = schemaOf(name);
        const keys = known(given(), keysOf, Object.keys(schema.properties ?? {}));
        // Of a run the gateway knows the order, too.
        if (name === 'Run') expect(Object.keys(recorded)).toEqual(keys);
        else expect(new Set(Object.keys(recorded)), name).toEqual(new Set(keys));
        problems.push(...problemsOf(recorded, schema, name));
      };
      for (const row of [...heads.desc.rows, ...heads.asc.rows]) check(row, 'Run', 'run.');
      for (const { run, steps, items } of await details()) {
        const foreign = [...steps, ...items].filter(({ run_id }) => run_id !== run.id);
        problems.push(...foreign.map(({ id }) => `${id}: not of ${run.id}`));
        for (const step of steps) check(step, 'Step', 'step.');
        for (const item of items) check(item, item.message_type, 'item.');
      }
      for (const { id } of someRuns(heads.desc.rows)) {
        const { status, body } = await client.ask(`/v1/runs/${id}/metrics`);
        if (status !== 404) check(body as object, 'RunMetrics', 'metrics.');
      }
      expect(problems).toEqual([]);
    },
    OBSERVING_TIMEOUT_MS,
  );
}
