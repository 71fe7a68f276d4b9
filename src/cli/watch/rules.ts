import { createHash } from 'node:crypto';
import type { RunChange, TailedRun } from '../tail/documents.ts';
import type { Notice } from './notice.ts';
import type { PendingRun } from './read-list.ts';
import { limitsOf, millisecondsOf, type WatchConfig } from './settings.ts';

/** What is reported. A rule that is undefined is off. */
export type Rules = Pick<WatchConfig, 'failed' | 'stuck' | 'waiting' | 'rate'>;

/** What the rules remember, as JSON. */
export interface Memory {
  /** Makes the ids of rates unique. */
  readonly series: string;
  /** When the newest known run was created; empty before the first. */
  readonly newest: string;
  readonly active: Readonly<Record<string, Pick<TailedRun, 'agentId' | 'createdAt'>>>;
  /** The ids of notices, those last that were due last. */
  readonly reported: readonly string[];
  /** `times`: of the newest failures, in milliseconds since 1970; `passed`: how often the rate was passed. */
  readonly rate: { readonly times: readonly number[]; readonly isAbove: boolean; readonly passed: number };
}

/** A run as it is now, of an event or a list. */
type Change = Pick<RunChange, 'runId' | 'run'> & Partial<Pick<RunChange, 'kind'>>;

/** What is remembered next, and what is to be reported. */
export type Step = readonly [Memory, readonly Notice[]];

/** Milliseconds by which a run may appear later than a newer one. */
const MAX_LATE_MS = 10_000;
/** More than runs hang and approvals wait at a time. */
const MAX_REPORTED = 3_000;

export function emptyMemory(series: string): Memory {
  const rate = { times: [], isAbove: false, passed: 0 };
  return { series, newest: '', active: {}, reported: [], rate };
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
export function onRun(memory: Memory, change: Change, now: number, rules: Rules): Step {
  const { kind, runId, run } = change;
  const { [runId]: known, ...others } = memory.active;
  if (run === null) return [{ ...memory, active: others }, []];
  const { createdAt, agentId, outcome, failure } = run;
  const next: Memory = {
    ...memory,
    newest: createdAt > memory.newest ? createdAt : memory.newest,
    // One that has left the list is no longer told of.
    active:
      outcome === 'UNFINISHED' && kind !== 'REMOVED'
        ? { ...others, [runId]: known ?? { agentId, createdAt } }
        : others,
  };
  if (outcome !== 'FAILED') return [next, []];
  const occurredAt = run.completedAt ?? new Date(now).toISOString();
  const message = `${nameOf(run)} failed${failure === null ? '' : `: ${failure.message}`}`;
  const notice: Notice = { id: `failed-${runId}`, type: 'run.failed', occurredAt, message, run };
  const [after, news] = leaveOutReported(next, [notice]);
  if (news.length === 0) return [after, []];
  const [rate, ofRate] = countFailure(memory, Date.parse(occurredAt), rules);
  return [{ ...after, rate }, rules.failed ? [notice, ...ofRate] : ofRate];
}

/** Takes all active runs of a list. If several hang already, one notice reports them. */
export function onActiveRuns(memory: Memory, runs: readonly TailedRun[], now: number, rules: Rules): Step {
  const active = runs.map(({ id, agentId, createdAt }) => [id, memory.active[id] ?? { agentId, createdAt }]);
  const [next, notices] = onTime({ ...memory, active: Object.fromEntries(active) }, now, rules);
  const stuck = notices.filter(({ type }) => type === 'run.stuck');
  const [first] = stuck;
  if (first === undefined || stuck.length === 1) return [next, notices];
  const { run: _run, ...rest } = first;
  const message = `${stuck.length} runs have been active for more than ${rules.stuck}`;
  const summary = { ...rest, message, counts: { 'run.stuck': stuck.length } };
  return [next, [summary, ...notices.filter((notice) => !stuck.includes(notice))]];
}

/** Looks at what time alone changes: which runs hang, and whether a rate has fallen to half of its limit. */
export function onTime(memory: Memory, now: number, { stuck, rate }: Rules): Step {
  const due = Object.entries(memory.active).flatMap(([id, { agentId, createdAt }]): readonly Notice[] => {
    const occurredAt = stuck && later(createdAt, stuck, now);
    if (occurredAt === undefined) return [];
    const run = { id, agentId, createdAt };
    const message = `${nameOf(run)} has been active for more than ${stuck}`;
    return [{ id: `stuck-${id}`, type: 'run.stuck', occurredAt, message, run }];
  });
  const [next, notices] = leaveOutReported(memory, due);
  if (rate === undefined) return [next, notices];
  const { above, ms } = limitsOf(rate);
  const times = memory.rate.times.filter((time) => time > now - ms);
  if (!memory.rate.isAbove || times.length > above / 2) return [next, notices];
  const id = `rate-fell-${memory.series}-${memory.rate.passed}`;
  const message = `The rate ${rate} has fallen to half of its limit`;
  const fall: Notice = { id, type: 'rate.fell', occurredAt: new Date(now).toISOString(), message };
  return [{ ...next, rate: { ...memory.rate, times, isAbove: false } }, [...notices, fall]];
}

/** Takes the runs whose approval waits for a person. An approval that could not be read is left to the next time. */
export function onPending(memory: Memory, runs: readonly PendingRun[], now: number, waiting: string): Step {
  const due = runs.flatMap(({ approval, ...run }): readonly Notice[] => {
    const { requestedAt = null, toolCalls = [] } = approval ?? {};
    const occurredAt = requestedAt === null ? undefined : later(requestedAt, waiting, now);
    if (occurredAt === undefined) return [];
    const tools = toolCalls.map(({ name }) => name ?? 'an unnamed tool').join(', ');
    const message = `${nameOf(run)} has waited for more than ${waiting} for an approval of ${tools}`;
    return [{ id: `waiting-${run.id}`, type: 'approval.waiting', occurredAt, message, run }];
  });
  return leaveOutReported(memory, due);
}

/** Leaves out what was reported before. */
function leaveOutReported(memory: Memory, due: readonly Notice[]): Step {
  const reported = new Set(memory.reported);
  const notices = due.filter(({ id }) => !reported.has(id));
  const last = due.map(({ id }) => id);
  for (const id of last) reported.delete(id);
  return [{ ...memory, reported: [...[...reported].slice(-MAX_REPORTED), ...last] }, notices];
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
  const message = `The rate ${rate} was passed`;
  const occurredAt = new Date(newest).toISOString();
  const notice: Notice = { id: `rate-passed-${series}-${passed}`, type: 'rate.passed', occurredAt, message };
  return [{ times, isAbove, passed }, [notice]] as const;
}

function nameOf({ id, agentId }: Pick<TailedRun, 'id' | 'agentId'>): string {
  return `${id} of ${agentId}`;
}

/** Returns when a duration after a time has passed; undefined if it has not. */
function later(time: string, duration: string, now: number): string | undefined {
  const at = Date.parse(time) + millisecondsOf(duration);
  return at > now ? undefined : new Date(at).toISOString();
}
