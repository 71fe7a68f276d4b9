import { createHash } from 'node:crypto';
import type { Duration, Rules } from '../../config/watch-settings.ts';
import type { RunChange, TailedRun } from '../tail/documents.ts';
import type { Notice } from './notice.ts';
import type { PendingRuns } from './read-list.ts';

/** What the rules remember, as JSON. */
export interface Memory {
  /** Makes the ids of rates unique. */
  readonly series: string;
  /** When the newest known run was created; empty before the first. */
  readonly newest: string;
  readonly active: Readonly<Record<string, ActiveRun>>;
  /** The newest runs whose failure was told or counted, and those whose approval was told. */
  readonly failed: readonly string[];
  readonly waiting: readonly string[];
  /** `times`: of the newest failures, in milliseconds since 1970; `passed`: how often the rate was passed. */
  readonly rate: { readonly times: readonly number[]; readonly isAbove: boolean; readonly passed: number };
}

interface ActiveRun extends Pick<TailedRun, 'agentId' | 'createdAt'> {
  readonly isTold?: true;
}

/** What is remembered next, and what is to be told. */
export type Step = readonly [Memory, readonly Notice[]];

const MAX_REMEMBERED = 1_000;
/** Milliseconds by which a run may appear later than a newer one. */
const MAX_LATE_MS = 10_000;

export function emptyMemory(series: string): Memory {
  const rate = { times: [], isAbove: false, passed: 0 };
  return { series, newest: '', active: {}, failed: [], waiting: [], rate };
}

/** Returns when the oldest run was created that may have ended unnoticed; infinite without runs. */
export function knownSince({ newest, active }: Memory): number {
  const runs = [{ createdAt: newest }, ...Object.values(active)];
  const times = runs.map(({ createdAt }) => Date.parse(createdAt) - MAX_LATE_MS);
  return Math.min(...times.filter(Number.isFinite));
}

/** Returns the notice of a cursor that could not be resumed from, because of an error with a code. */
export function missed(cursor: string, code: string, now: number): Notice {
  const id = `missed-${createHash('sha256').update(cursor).digest('hex').slice(0, 16)}`;
  const message = `Changes may have been missed (${code}); the list was read again`;
  return { id, type: 'changes.missed', occurredAt: new Date(now).toISOString(), message };
}

/** Takes a run as it is now; null if it is gone. @param now milliseconds since 1970 */
export function onRun(memory: Memory, change: Omit<RunChange, 'kind'>, now: number, rules: Rules): Step {
  const { runId, run } = change;
  const { [runId]: known, ...others } = memory.active;
  if (run === null) return [{ ...memory, active: others }, []];
  const { createdAt, agentId, outcome, failure } = run;
  const next: Memory = {
    ...memory,
    newest: createdAt > memory.newest ? createdAt : memory.newest,
    active: outcome === 'UNFINISHED' ? { ...others, [runId]: known ?? { agentId, createdAt } } : others,
  };
  if (outcome !== 'FAILED' || memory.failed.includes(runId)) return [next, []];
  const occurredAt = run.completedAt ?? new Date(now).toISOString();
  const message = `${nameOf(run)} failed${failure === null ? '' : `: ${failure.message}`}`;
  const notice: Notice = { id: `failed-${runId}`, type: 'run.failed', occurredAt, message, run };
  const [rate, ofRate] = countFailure(memory, Date.parse(occurredAt), rules);
  const failed = [...memory.failed, runId].slice(-MAX_REMEMBERED);
  return [{ ...next, rate, failed }, rules.failed ? [notice, ...ofRate] : ofRate];
}

/** Takes all active runs of a list. If several hang already, one notice tells of them. */
export function onActiveRuns(memory: Memory, runs: readonly TailedRun[], now: number, rules: Rules): Step {
  const active = runs.map(({ id, agentId, createdAt }) => [id, memory.active[id] ?? { agentId, createdAt }]);
  const [next, notices] = onTime({ ...memory, active: Object.fromEntries(active) }, now, rules);
  const stuck = notices.filter(({ type }) => type === 'run.stuck');
  const [first] = stuck;
  if (first === undefined || stuck.length === 1) return [next, notices];
  const { run: _run, ...rest } = first;
  const message = `${stuck.length} runs have been active for more than ${rules.stuck?.text}`;
  const summary = { ...rest, message, counts: { 'run.stuck': stuck.length } };
  return [next, [summary, ...notices.filter((notice) => !stuck.includes(notice))]];
}

/** Looks at what time alone changes: which runs hang, and whether a rate has fallen to half of its limit. */
export function onTime(memory: Memory, now: number, { stuck, rate }: Rules): Step {
  const active: Record<string, ActiveRun> = { ...memory.active };
  const notices: Notice[] = [];
  for (const [id, { isTold, ...of }] of Object.entries(memory.active)) {
    if (stuck === undefined || isTold || Date.parse(of.createdAt) + stuck.ms > now) continue;
    active[id] = { ...of, isTold: true };
    const message = `${nameOf({ id, ...of })} has been active for more than ${stuck.text}`;
    const occurredAt = later(of.createdAt, stuck);
    notices.push({ id: `stuck-${id}`, type: 'run.stuck', occurredAt, message, run: { id, ...of } });
  }
  const next = { ...memory, active };
  const times = memory.rate.times.filter((time) => rate !== undefined && time > now - rate.ms);
  if (rate === undefined || !memory.rate.isAbove || times.length > rate.above / 2) return [next, notices];
  const id = `rate-fell-${memory.series}-${memory.rate.passed}`;
  const message = `The rate ${rate.text} has fallen to half of its limit`;
  notices.push({ id, type: 'rate.fell', occurredAt: new Date(now).toISOString(), message });
  return [{ ...next, rate: { ...memory.rate, times, isAbove: false } }, notices];
}

/** Takes the runs whose approval waits for a person. */
export function onPending(
  memory: Memory,
  { runs, isComplete }: PendingRuns,
  now: number,
  waiting: Duration,
): Step {
  const due = runs.filter(({ approval }) => Date.parse(approval.requestedAt) + waiting.ms <= now);
  const ids = due.map(({ id }) => id);
  const notices = due
    .filter(({ id }) => !memory.waiting.includes(id))
    .map(({ approval: { requestedAt, toolCalls }, ...run }): Notice => {
      const tools = toolCalls.map(({ name }) => name).join(', ');
      const message = `${nameOf(run)} has waited for more than ${waiting.text} for an approval of ${tools}`;
      const occurredAt = later(requestedAt, waiting);
      return { id: `waiting-${run.id}`, type: 'approval.waiting', occurredAt, message, run };
    });
  const others = memory.waiting.filter((id) => !isComplete && !ids.includes(id));
  return [{ ...memory, waiting: [...others, ...ids].slice(-MAX_REMEMBERED) }, notices];
}

/** Counts a failure at a time in milliseconds since 1970. The newest failures decide, in whatever order they come. */
function countFailure({ rate: state, series }: Memory, at: number, { rate }: Rules) {
  if (rate === undefined) return [state, []] as const;
  const times = [...state.times, at].toSorted((a, b) => a - b).slice(-rate.above - 1);
  const [oldest = at, newest = at] = [times[0], times.at(-1)];
  const isAbove = times.length > rate.above && newest - oldest < rate.ms;
  if (state.isAbove || !isAbove) return [{ ...state, times }, []] as const;
  const passed = state.passed + 1;
  const message = `The rate ${rate.text} was passed`;
  const occurredAt = new Date(newest).toISOString();
  const notice: Notice = { id: `rate-passed-${series}-${passed}`, type: 'rate.passed', occurredAt, message };
  return [{ times, isAbove, passed }, [notice]] as const;
}

function nameOf({ id, agentId }: Pick<TailedRun, 'id' | 'agentId'>): string {
  return agentId === null ? id : `${id} of ${agentId}`;
}

function later(time: string, { ms }: Duration): string {
  return new Date(Date.parse(time) + ms).toISOString();
}
