import type { RunChange, TailedRun } from '../gateway-client/documents.ts';
import { statusOf } from '../gateway-client/text-line.ts';
import { alertedRuns, endAlerts, openAlert } from './alerts.ts';
import { closeGroups, groupFailure } from './failure-groups.ts';
import { leaveOutReported, type Memory, type Rules, type Step } from './memory.ts';
import { callsOf, type Notice, timeOf } from './notice.ts';
import { MAX_LISTED, type PausedRun, type PendingRun } from './read-list.ts';
import { limitsOf, millisecondsOf } from './settings.ts';

/** A run in its current state, from an event or a list. */
type Change = Pick<RunChange, 'runId' | 'run'> & Partial<Pick<RunChange, 'kind'>>;

/** Milliseconds by which a run may appear later than a newer one. */
const MAX_LATE_MS = 10_000;

/** Returns when the oldest run was created whose end may have been missed; infinite without runs. */
export function knownSince({ newest, active }: Memory): number {
  const runs = [{ createdAt: newest }, ...Object.values(active)];
  const times = runs.map(({ createdAt }) => Date.parse(createdAt) - MAX_LATE_MS);
  return Math.min(...times.filter(Number.isFinite));
}

/** Takes the current state of a run; null if it is gone. @param now milliseconds since 1970 */
export function onRun(memory: Memory, change: Change, now: number, rules: Rules): Step {
  const { kind, runId, run } = change;
  const { [runId]: known, ...others } = memory.active;
  // A run that has left the list gets no more events, so it counts as ended.
  const isActive = run?.outcome === 'UNFINISHED' && kind !== 'REMOVED';
  if (run !== null && isActive) {
    const active = { ...others, [runId]: known ?? { agentId: run.agentId, createdAt: run.createdAt } };
    return [{ ...memory, active, newest: newestOf(memory, run) }, []];
  }
  const ended = { id: runId, reason: statusOf(run), endedAt: run?.completedAt };
  const over = endAlerts(memory, 'run.stuck', [ended], now);
  const next: Memory = { ...over[0], active: others };
  if (run === null) return [next, over[1]];
  const [after, ofFailure] = onFailure({ ...next, newest: newestOf(memory, run) }, run, now, rules);
  return [after, [...over[1], ...ofFailure]];
}

function newestOf({ newest }: Memory, { createdAt }: TailedRun): string {
  return createdAt > newest ? createdAt : newest;
}

function onFailure(memory: Memory, run: TailedRun, now: number, rules: Rules): Step {
  if (run.outcome !== 'FAILED') return [memory, []];
  const occurredAt = run.completedAt ?? timeOf(now);
  const notice: Notice = { id: `failed-${run.id}`, type: 'run.failed', occurredAt, run };
  const [after, news] = leaveOutReported(memory, [notice]);
  if (news.length === 0) return [after, []];
  const [rate, ofRate] = countFailure(memory, Date.parse(occurredAt), rules);
  const next = { ...after, rate };
  if (!rules.failed) return [next, ofRate];
  const [grouped, notices] = rules.each ? [next, news] : groupFailure(next, run, notice, now);
  return [grouped, [...notices, ...ofRate]];
}

/** Takes all active runs of a list. If several hang already, one notice reports them. */
export function onActiveRuns(memory: Memory, runs: readonly TailedRun[], now: number, rules: Rules): Step {
  const active = runs.map(({ id, agentId, createdAt }) => [id, memory.active[id] ?? { agentId, createdAt }]);
  const listed = new Set(runs.map(({ id }) => id));
  const ended = alertedRuns(memory, 'run.stuck').flatMap(({ id }) =>
    // Older runs than those that are listed may be active as well.
    listed.has(id) || runs.length >= MAX_LISTED ? [] : [{ id, reason: 'it has ended' }],
  );
  const over = endAlerts({ ...memory, active: Object.fromEntries(active) }, 'run.stuck', ended, now);
  const [next, notices] = onTime(over[0], now, rules);
  const stuck = notices.filter(({ type }) => type === 'run.stuck');
  const [first] = stuck;
  if (first === undefined || stuck.length === 1) return [next, [...over[1], ...notices]];
  const { run: _run, ...facts } = first;
  const summary = { ...facts, count: stuck.length };
  const alerts = { ...next.alerts };
  for (const { id } of stuck) delete alerts[id];
  const hanging = stuck.flatMap(({ run }) => (run ? [run] : []));
  const opened = openAlert({ ...next, alerts }, { id: first.id, type: 'run.stuck' }, hanging);
  return [opened, [...over[1], summary, ...notices.filter((notice) => !stuck.includes(notice))]];
}

/** Applies what only time changes: which runs hang, which groups of failures end, and whether a rate has fallen. */
export function onTime(memory: Memory, now: number, { stuck, rate }: Rules): Step {
  const due = Object.entries(memory.active).flatMap(([id, { agentId, createdAt }]): readonly Notice[] => {
    const occurredAt = stuck && later(createdAt, stuck, now);
    if (stuck === undefined || occurredAt === undefined) return [];
    const run = { id, agentId, createdAt };
    return [{ id: `stuck-${id}`, type: 'run.stuck', occurredAt, run, limit: stuck }];
  });
  const [reported, ofStuck] = leaveOutReported(memory, due);
  const [next, ofGroups] = closeGroups(openAlerts(reported, ofStuck), now);
  const [after, ofRate] = onRate(next, now, rate);
  return [after, [...ofStuck, ...ofGroups, ...ofRate]];
}

/** Takes the runs whose approval waits for a person. An approval that could not be read is left to the next time. */
export function onPending(memory: Memory, runs: readonly PendingRun[], now: number, waiting: string): Step {
  const due = runs.flatMap(({ approval, ...run }): readonly Notice[] => {
    const { requestedAt = null, toolCalls = [] } = approval ?? {};
    const occurredAt = requestedAt === null ? undefined : later(requestedAt, waiting, now);
    if (occurredAt === undefined) return [];
    const facts = { run, limit: waiting, toolCalls: callsOf(toolCalls) };
    return [{ id: `waiting-${run.id}`, type: 'approval.waiting', occurredAt, ...facts }];
  });
  const [next, notices] = leaveOutReported(memory, due);
  return [openAlerts(next, notices), notices];
}

/** Returns the ids of runs whose approvals were reported, and are not among those that wait any more. */
export function unlisted(memory: Memory, pending: readonly PendingRun[]): readonly string[] {
  const listed = new Set(pending.map(({ id }) => id));
  return alertedRuns(memory, 'approval.waiting').flatMap(({ id }) => (listed.has(id) ? [] : [id]));
}

/** Takes runs whose approvals were reported, as they are now. */
export function onPaused(memory: Memory, runs: readonly PausedRun[], now: number): Step {
  const ended = runs.flatMap(({ id, state }) => (state === 'PENDING' ? [] : [{ id, reason: state }]));
  return endAlerts(memory, 'approval.waiting', ended, now);
}

function openAlerts(memory: Memory, notices: readonly Notice[]): Memory {
  let next = memory;
  for (const { id, type, run } of notices)
    if (run !== undefined && (type === 'run.stuck' || type === 'approval.waiting'))
      next = openAlert(next, { id, type }, [run]);
  return next;
}

/** Counts a failure at a time in milliseconds since 1970. The newest failures decide, in whatever order they come. */
function countFailure({ rate: state, series }: Memory, at: number, { rate }: Rules) {
  if (rate === undefined) return [state, []] as const;
  const { above, ms } = limitsOf(rate);
  const times = [...state.times, at].toSorted((a, b) => a - b).slice(-above - 1);
  const [oldest = at] = times;
  const newest = times.at(-1) ?? at;
  const isAbove = times.length > above && newest - oldest < ms;
  if (state.isAbove || !isAbove) return [{ ...state, times }, []] as const;
  const passed = state.passed + 1;
  const facts = { occurredAt: timeOf(newest), count: times.length, limit: rate };
  const notice: Notice = { id: `rate-passed-${series}-${passed}`, type: 'rate.passed', ...facts };
  return [{ times, isAbove, passed }, [notice]] as const;
}

/** Looks whether a rate has fallen to half of its limit. */
function onRate(memory: Memory, now: number, rate: string | undefined): Step {
  if (rate === undefined) return [memory, []];
  const { above, ms } = limitsOf(rate);
  const { passed, isAbove } = memory.rate;
  const times = memory.rate.times.filter((time) => time > now - ms);
  if (!isAbove || times.length > above / 2) return [memory, []];
  const ofPass = `${memory.series}-${passed}`;
  const ids = { id: `rate-fell-${ofPass}`, resolves: `rate-passed-${ofPass}` };
  const facts = { occurredAt: timeOf(now), count: times.length, limit: rate };
  const fall: Notice = { ...ids, type: 'rate.fell', ...facts };
  return [{ ...memory, rate: { times, isAbove: false, passed } }, [fall]];
}

/** Returns when a duration after a time has passed; undefined if it has not. */
function later(time: string, duration: string, now: number): string | undefined {
  const at = Date.parse(time) + millisecondsOf(duration);
  return at > now ? undefined : timeOf(at);
}
