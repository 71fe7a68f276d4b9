import { expect, it } from 'vitest';
import { readRunList } from '../../src/engine/index.ts';
import { Membership, selectionKey } from '../../src/live/polls/membership.ts';
import type { RunFilter } from '../../src/runs/run-filters.ts';
import { Body } from '../../src/wire/body.ts';
import { decodeRunList } from '../../src/wire/run-list.ts';
import { randomRuns } from '../support/random-runs.ts';

it.each([
  ['copied', readRunList],
  ['decoded', decodeRunList],
])('Of rows that are %s, it is known in which lists a run was before it went on', (name, read) => {
  const [random] = randomRuns(1, 1);
  const { run_ns: _, ...row } = { ...random, status: 'running', stop_reason: 'error', agent_id: 'agent-1' };
  const { rows, copied } = read(new Body([Buffer.from(JSON.stringify([row]))]));
  expect(copied).toBe(name === 'copied' ? 1 : 0);
  const wasIn = (filter: RunFilter): boolean =>
    rows.every((run) => new Membership({ filter, window: {} }).wasShown(run));
  expect([
    wasIn({ agentId: 'agent-1' }),
    wasIn({ agentId: 'agent-1', statuses: ['failed'] }),
    wasIn({ statuses: ['running', 'completed'] }),
  ]).toEqual([true, true, false]);
});

it('The key of a selection has what is given only, so cursors stay valid when there are more filters', () => {
  expect(selectionKey({ filter: {}, window: {} })).toBe('[][]');
  expect(
    selectionKey({ filter: { agentId: 'agent-1' }, window: { minDurationNs: 5, notStatuses: ['failed'] } }),
  ).toBe('[["agentId","agent-1"]][["notStatuses",["failed"]],["minDurationNs",5]]');
});
