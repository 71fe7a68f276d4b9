import type { TailedRun } from '../gateway-client/documents.ts';
import type { Notice, NoticeRun } from './notice.ts';
import type { WatchConfig } from './settings.ts';

/** Which rules apply. A rule that is undefined is off. */
export type Rules = Pick<WatchConfig, 'failed' | 'stuck' | 'waiting' | 'rate' | 'each'>;

/** What the rules remember, as JSON. */
export interface Memory {
  /** A random id in the ids of notices about rates, which are counted from 1 in each state file. */
  readonly series: string;
  /** When the newest known run was created; empty before the first. */
  readonly newest: string;
  readonly active: Readonly<Record<string, Pick<TailedRun, 'agentId' | 'createdAt'>>>;
  /** The ids of notices that were reported, in the order in which they were last due. */
  readonly reported: readonly string[];
  /** `times`: when the newest runs failed, in milliseconds since 1970; `passed`: how often the rate was exceeded. */
  readonly rate: { readonly times: readonly number[]; readonly isAbove: boolean; readonly passed: number };
  /** Failures of the last minute, by what they have in common. */
  readonly groups: Readonly<Record<string, FailureGroup>>;
  /** The runs of alerts that have not ended, by the ids of the notices that opened them. */
  readonly alerts: Readonly<Record<string, Alert>>;
}

/** Failures within a minute that resemble one that was already reported. */
export interface FailureGroup {
  /** When the minute began, in milliseconds since 1970. */
  readonly since: number;
  readonly count: number;
  /** The ids of the runs, the newest first. */
  readonly runIds: readonly string[];
  /** The run that came first, which names the notice. */
  readonly firstId?: string;
  /** The failure of the newest run. */
  readonly failure?: TailedRun['failure'];
}

/** A condition that was reported and may last, such as runs that hang. */
export interface Alert {
  readonly type: 'run.stuck' | 'approval.waiting';
  /** How many runs were reported. */
  readonly count: number;
  /** The runs for which the condition still lasts. */
  readonly runs: readonly NoticeRun[];
}

/** The memory after an event, and the notices to send. */
export type Step = readonly [Memory, readonly Notice[]];

/** How many ids are remembered: more than the runs that hang and the approvals that wait at the same time. */
const MAX_REPORTED = 3_000;

/** @param saved what an earlier process remembered, perhaps of an earlier version */
export function newMemory(series: string, saved: Partial<Memory> = {}): Memory {
  const rate = { times: [], isAbove: false, passed: 0 };
  return { series, newest: '', active: {}, reported: [], rate, groups: {}, alerts: {}, ...saved };
}

/** Leaves out notices that were reported before. */
export function leaveOutReported(memory: Memory, due: readonly Notice[]): Step {
  const reported = new Set(memory.reported);
  const notices = due.filter(({ id }) => !reported.has(id));
  const last = due.map(({ id }) => id);
  for (const id of last) reported.delete(id);
  return [{ ...memory, reported: [...[...reported].slice(-MAX_REPORTED), ...last] }, notices];
}
