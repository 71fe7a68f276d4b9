import type { TailedRun } from '../gateway-client/documents.ts';
import type { Notice, NoticeRun } from './notice.ts';
import type { WatchConfig } from './settings.ts';

/** What is reported. A rule that is undefined is off. */
export type Rules = Pick<WatchConfig, 'failed' | 'stuck' | 'waiting' | 'rate' | 'each'>;

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
  /** Failures of the last minute, by what they have in common. */
  readonly groups: Readonly<Record<string, FailureGroup>>;
  /** The runs of alerts that have not ended, by the ids of the notices that opened them. */
  readonly alerts: Readonly<Record<string, Alert>>;
}

/** The failures of a minute that are like one that was reported. */
export interface FailureGroup {
  /** When the minute began, in milliseconds since 1970. */
  readonly since: number;
  readonly count: number;
  /** The newest first. */
  readonly runIds: readonly string[];
  /** The run that came first, which names the notice. */
  readonly firstId?: string;
  /** That of the newest run. */
  readonly failure?: TailedRun['failure'];
}

/** Something that lasts, and was reported. */
export interface Alert {
  readonly type: 'run.stuck' | 'approval.waiting';
  /** How many runs were reported. */
  readonly count: number;
  /** Those for which it lasts. */
  readonly runs: readonly NoticeRun[];
}

/** What is remembered next, and what is to be reported. */
export type Step = readonly [Memory, readonly Notice[]];

/** More than runs hang and approvals wait at a time. */
const MAX_REPORTED = 3_000;

/** @param saved what an earlier process remembered, perhaps of an earlier version */
export function newMemory(series: string, saved: Partial<Memory> = {}): Memory {
  const rate = { times: [], isAbove: false, passed: 0 };
  return { series, newest: '', active: {}, reported: [], rate, groups: {}, alerts: {}, ...saved };
}

/** Leaves out what was reported before. */
export function leaveOutReported(memory: Memory, due: readonly Notice[]): Step {
  const reported = new Set(memory.reported);
  const notices = due.filter(({ id }) => !reported.has(id));
  const last = due.map(({ id }) => id);
  for (const id of last) reported.delete(id);
  return [{ ...memory, reported: [...[...reported].slice(-MAX_REPORTED), ...last] }, notices];
}
