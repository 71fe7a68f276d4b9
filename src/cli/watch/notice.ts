import { createHash } from 'node:crypto';
import type { RunFailure, TailedRun } from '../gateway-client/documents.ts';

/** An alert for the people on call, as the rules make it and the state file keeps it. */
export interface Notice {
  /** The same event always has the same id, so that a receiver can recognize a repeated notice. */
  readonly id: string;
  readonly type: NoticeType;
  /** ISO 8601, in UTC. */
  readonly occurredAt: string;
  /** The text of a sample, or of a notice that an earlier version has saved; others get theirs from `NOTICE_KINDS`. */
  readonly message?: string;
  /** The run that the notice is about, as far as it is known. */
  readonly run?: NoticeRun;
  /** How many runs or notices it stands for, if it is about several. */
  readonly count?: number;
  /** The newest of the runs that it stands for, at most {@link MAX_RUN_IDS}. */
  readonly runIds?: readonly string[];
  /** The failure of the newest run, if several failed alike. */
  readonly failure?: RunFailure;
  /** The tool calls that wait for an approval. */
  readonly toolCalls?: readonly NoticeCall[];
  /** The rule that caused the notice, such as `15m` or `failed>5/10m`. */
  readonly limit?: string;
  /** Why the alert has ended, or why a cursor was lost. */
  readonly reason?: string;
  /** The id of the notice whose alert this notice ends. */
  readonly resolves?: string;
}

export type NoticeRun = Pick<TailedRun, 'id' | 'agentId' | 'createdAt'> & Partial<TailedRun>;

export interface NoticeCall {
  readonly toolCallId: string | null;
  readonly name: string | null;
  /** At most {@link MAX_ARGUMENTS} characters. */
  readonly arguments: string | null;
}

export interface NoticeKind {
  /** The severity in the terms of PagerDuty. */
  readonly severity: 'critical' | 'error' | 'warning';
  /** The list in the explorer to which a notice about several runs links. */
  readonly list?: 'FAILED' | 'ACTIVE';
  /** Says on one line what has happened. @param who the run and its agent */
  readonly text: (notice: Notice, who: string) => string;
}

export const MAX_RUN_IDS = 100;
const MAX_ARGUMENTS = 500;

const because = (failure: RunFailure | null | undefined): string => (failure ? `: ${failure.message}` : '');
const callText = ({ name, arguments: args }: NoticeCall): string =>
  `${name ?? 'an unnamed tool'}(${args ?? ''})`;

const runsOf = (count = 1, which = ''): string => `${count} ${which}${count === 1 ? 'run' : 'runs'}`;

export const NOTICE_KINDS = {
  'run.failed': {
    severity: 'error',
    text: ({ run }, who) => `${who} failed${because(run?.failure)}`,
  },
  'runs.failed': {
    severity: 'error',
    list: 'FAILED',
    text: ({ count, failure }) => `${runsOf(count, 'more ')} failed alike within a minute${because(failure)}`,
  },
  'run.stuck': {
    severity: 'warning',
    list: 'ACTIVE',
    text: ({ count = 1, limit }, who) =>
      `${count === 1 ? `${who} has` : `${count} runs have`} been active for more than ${limit}`,
  },
  'run.unstuck': {
    severity: 'warning',
    text: ({ count = 1, reason }, who) =>
      count === 1 ? `${who} is no longer stuck: ${reason}` : `${count} runs are no longer stuck`,
  },
  'approval.waiting': {
    severity: 'warning',
    text: ({ limit, toolCalls = [] }, who) =>
      `${who} has waited for more than ${limit} for an approval of ${toolCalls.map(callText).join(', ')}`,
  },
  'approval.answered': {
    severity: 'warning',
    text: ({ reason }, who) => `${who} no longer waits for an approval: ${reason}`,
  },
  'rate.passed': {
    severity: 'critical',
    list: 'FAILED',
    text: ({ count, limit }) => `The rate ${limit} was passed: ${runsOf(count)} failed`,
  },
  'rate.fell': {
    severity: 'critical',
    list: 'FAILED',
    text: ({ count, limit }) => `The rate ${limit} has fallen to half of its limit: ${runsOf(count)} failed`,
  },
  'changes.missed': {
    severity: 'warning',
    text: ({ reason }) => `Changes may have been missed (${reason}); the list was read again`,
  },
  summary: { severity: 'warning', text: ({ count }) => `${count} older notices were dropped` },
} as const satisfies Record<string, NoticeKind>;

type NoticeType = keyof typeof NOTICE_KINDS;

/** Returns what a notice says, on one line. @param agentName undefined if it isn't known */
export function messageOf(notice: Notice, agentName: string | undefined): string {
  const { message, type, run } = notice;
  const who = run === undefined ? '' : `${run.id} of ${agentName ?? run.agentId}`;
  return (message ?? NOTICE_KINDS[type].text(notice, who)).replaceAll(/\s+/g, ' ');
}

/** Returns the tool calls of an approval, with arguments that are cut. */
export function callsOf(toolCalls: readonly NoticeCall[]): readonly NoticeCall[] {
  return toolCalls.map(({ toolCallId, name, arguments: args }) => ({
    toolCallId,
    name,
    arguments:
      args !== null && args.length > MAX_ARGUMENTS ? `${args.slice(0, MAX_ARGUMENTS)}…`.toWellFormed() : args,
  }));
}

/** Returns the notice of a cursor that could not be resumed from, because of an error with a code. */
export function missed(cursor: string, code: string, now: number): Notice {
  const id = `missed-${createHash('sha256').update(cursor).digest('hex').slice(0, 16)}`;
  return { id, type: 'changes.missed', occurredAt: timeOf(now), reason: code };
}

/** Returns a notice of each type, for trying out a receiver. What opens an alert comes before what ends it. */
export function sampleNotices(now: number): readonly Notice[] {
  const occurredAt = timeOf(now);
  const id = 'run-00000000-0000-4000-8000-000000000000';
  const run = { id, agentId: 'agent-00000000-0000-4000-8000-000000000000', createdAt: occurredAt };
  const failure = { code: 'LLM_API_ERROR', message: 'The model provider reported an error' };
  const toolCalls = [{ toolCallId: 'call_1', name: 'send_email', arguments: '{"to":"someone@example.com"}' }];
  const facts: Readonly<Record<NoticeType, Partial<Notice>>> = {
    'run.failed': { run: { ...run, failure } },
    'runs.failed': { count: 2, runIds: [id], failure },
    'run.stuck': { run, limit: '15m' },
    'run.unstuck': { run, reason: 'COMPLETED', resolves: 'run.stuck' },
    'approval.waiting': { run, limit: '10m', toolCalls },
    'approval.answered': { run, reason: 'ANSWERED', resolves: 'approval.waiting' },
    'rate.passed': { count: 6, limit: 'failed>5/10m' },
    'rate.fell': { count: 2, limit: 'failed>5/10m', resolves: 'rate.passed' },
    'changes.missed': { reason: 'CURSOR_TOO_OLD' },
    summary: { count: 3 },
  };
  const idOf = (type: string): string => `test-${type}-${now}`;
  return NOTICE_TYPES.map((type) => {
    const { resolves, ...others } = facts[type];
    const notice: Notice = { id: idOf(type), type, occurredAt, ...others };
    const message = `Test: ${messageOf(notice, undefined)}`;
    return { ...notice, message, ...(resolves !== undefined && { resolves: idOf(resolves) }) };
  });
}

// oxlint-disable-next-line no-unsafe-type-assertion -- The names of a table.
const NOTICE_TYPES = Object.keys(NOTICE_KINDS) as NoticeType[];

/** @param ms milliseconds since 1970 */
export function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
