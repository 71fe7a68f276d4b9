import { createHash } from 'node:crypto';
import { failureKey } from '../../runs/failure-groups.ts';
import type { TailedRun } from '../gateway-client/documents.ts';
import type { FailureGroup, Memory, Step } from './memory.ts';
import { MAX_RUN_IDS, type Notice, timeOf } from './notice.ts';

const MINUTE_MS = 60_000;
/** The maximum number of groups. Further kinds of failures are reported one by one. */
const MAX_GROUPS = 1_000;

/** Takes a failure that was not reported: the first of its kind is reported at once, further ones after a minute. */
export function groupFailure(memory: Memory, run: TailedRun, notice: Notice, now: number): Step {
  const key = createHash('sha256').update(failureKey(run.failure)).digest('base64url').slice(0, 16);
  const { [key]: group, ...others } = memory.groups;
  if (group === undefined) {
    if (Object.keys(others).length >= MAX_GROUPS) return [memory, [notice]];
    return [{ ...memory, groups: { ...others, [key]: { since: now, count: 0, runIds: [] } } }, [notice]];
  }
  const next: FailureGroup = {
    since: group.since,
    count: group.count + 1,
    runIds: [run.id, ...group.runIds].slice(0, MAX_RUN_IDS),
    firstId: group.firstId ?? run.id,
    failure: run.failure,
  };
  return [{ ...memory, groups: { ...others, [key]: next } }, []];
}

/** Reports the groups whose minute is over. After a minute without such a failure, the next one is a first one again. */
export function closeGroups(memory: Memory, now: number): Step {
  // The distance is compared, so that a clock that was set back doesn't make a group wait for longer.
  const isOver = ({ since }: FailureGroup): boolean => Math.abs(now - since) >= MINUTE_MS;
  const over = Object.entries(memory.groups).filter(([, group]) => isOver(group));
  if (over.length === 0) return [memory, []];
  const groups = { ...memory.groups };
  const notices = over.flatMap(([key, { count, runIds, firstId, failure }]): readonly Notice[] => {
    if (count === 0) {
      delete groups[key];
      return [];
    }
    groups[key] = { since: now, count: 0, runIds: [] };
    const id = `failed-alike-${firstId}`;
    return [{ id, type: 'runs.failed', occurredAt: timeOf(now), count, runIds, ...(failure && { failure }) }];
  });
  return [{ ...memory, groups }, notices];
}
