import type { Alert, Memory, Step } from './memory.ts';
import { type Notice, type NoticeRun, timeOf } from './notice.ts';

/** By the type of an alert: the type of the notice that ends it, and the prefix of that notice's id. */
const ENDINGS = {
  'run.stuck': ['run.unstuck', 'un'],
  'approval.waiting': ['approval.answered', 'no-longer-'],
} as const;

interface Ended {
  readonly id: string;
  /** Why the alert has ended for the run. */
  readonly reason: string;
  /** ISO 8601, in UTC. */
  readonly endedAt?: string | null | undefined;
}

/** Remembers an alert that a notice has opened. */
export function openAlert(
  memory: Memory,
  { id, type }: Pick<Notice, 'id'> & Pick<Alert, 'type'>,
  runs: readonly NoticeRun[],
): Memory {
  return { ...memory, alerts: { ...memory.alerts, [id]: { type, count: runs.length, runs } } };
}

/** Returns the runs of open alerts. */
export function alertedRuns({ alerts }: Memory, type: Alert['type']): readonly NoticeRun[] {
  return Object.values(alerts).flatMap((alert) => (alert.type === type ? alert.runs : []));
}

/** Ends the alerts of some runs. An alert for several runs is reported as ended after the last of them. */
export function endAlerts(memory: Memory, type: Alert['type'], ended: readonly Ended[], now: number): Step {
  let { alerts } = memory;
  const notices = ended.flatMap(({ id, reason, endedAt }): readonly Notice[] => {
    const found = Object.entries(alerts).find(
      ([, alert]) => alert.type === type && alert.runs.some((run) => run.id === id),
    );
    if (found === undefined) return [];
    const [alertId, { count, runs }] = found;
    const run = runs.find((each) => each.id === id);
    const lasting = runs.filter((each) => each !== run);
    const { [alertId]: _ended, ...others } = alerts;
    alerts = lasting.length === 0 ? others : { ...others, [alertId]: { type, count, runs: lasting } };
    if (lasting.length > 0 || run === undefined) return [];
    const [endType, prefix] = ENDINGS[type];
    const facts = count === 1 ? { run, reason } : { count };
    const occurredAt = endedAt ?? timeOf(now);
    return [{ id: `${prefix}${alertId}`, type: endType, occurredAt, resolves: alertId, ...facts }];
  });
  return [alerts === memory.alerts ? memory : { ...memory, alerts }, notices];
}
