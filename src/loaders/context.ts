import type { UpstreamError } from '../errors/upstream-error.ts';
import type { LiveRuns } from '../live/index.ts';
import type { Prices } from '../runs/prices.ts';
import type { Run } from '../runs/run.ts';
import type { ApprovalAnswer, RunsSource } from '../runs/runs-source.ts';
import { createAgents } from './agents.ts';
import { type AnswerOutcome, answerApproval } from './answer-approval.ts';
import { createApprovals } from './approvals.ts';
import { createById } from './by-id.ts';
import { type CancelOutcome, cancelRuns } from './cancel-runs.ts';
import {
  findPendingApprovals,
  type PendingApprovals,
  type PendingApprovalsArguments,
} from './pending-approvals.ts';
import { isFailure, readOr } from './read-run.ts';
import { createRunParts } from './run-parts.ts';
import { createRuns } from './runs.ts';

/** The allowance of a caller, and what this operation has spent of it. */
export interface RateLimitState {
  readonly limit: number;
  readonly remaining: number;
  readonly resetAt: string | null;
  readonly cost: number;
}

export interface ContextOptions {
  /** Returns the events that the caller can subscribe to. */
  readonly live: () => LiveRuns;
  /** The rows that a field may read in search of runs. */
  readonly scanBudget: number;
  /** Whether the caller may send mutations. */
  readonly mayWrite: boolean;
  /** @default models have no prices */
  readonly prices?: Prices | undefined;
  /** @default no limit */
  readonly readRateLimit?: (() => Promise<RateLimitState>) | undefined;
  /** Receives failures of the upstream that are no errors of a field. @default ignored */
  readonly report?: ((failure: UpstreamError) => void) | undefined;
}

/** The context of resolvers: the loaders of one operation, limited to what its caller may see. */
export interface Context
  extends Pick<ContextOptions, 'live' | 'mayWrite' | 'prices'>, Pick<RunsSource, 'listsDurations'>, Loaders {
  /** Reads the rate limit of the caller, once per operation; null if there is none. */
  readonly rateLimit: () => Promise<RateLimitState | null>;
  readonly findPendingApprovals: (args: PendingApprovalsArguments) => Promise<PendingApprovals>;
  /** Cancels runs, and answers a request: see the functions. Then all loaders begin anew, since their results may have changed. */
  readonly cancelRuns: (ids: readonly string[], mayDeny: readonly string[]) => Promise<Cancelled>;
  readonly answerApproval: (runId: string, answers: readonly ApprovalAnswer[]) => Promise<AnswerOutcome>;
}

interface Cancelled {
  readonly outcomes: readonly CancelOutcome[];
  /** The runs whose requests were denied. */
  readonly denied: readonly Run[];
}

export function createContext(source: RunsSource, options: ContextOptions): Context {
  const { live, mayWrite, scanBudget, prices, readRateLimit, report = () => undefined } = options;
  let rateLimit: Promise<RateLimitState | null> | undefined;
  const context: Context = {
    ...createLoaders(source, scanBudget),
    live,
    mayWrite,
    prices,
    listsDurations: () => source.listsDurations(),
    rateLimit: () => (rateLimit ??= readRateLimit?.() ?? Promise.resolve(null)),
    findPendingApprovals: (args) => findPendingApprovals(args, context, scanBudget),
    async cancelRuns(ids, mayDeny) {
      const { outcomes, deniedIds } = await cancelRuns(ids, mayDeny, { source, report, ...context });
      beginAnew();
      const denied = await Promise.all(deniedIds.map((id) => readOr(deniedRun(id, context), report)));
      return { outcomes, denied: denied.filter((run): run is Run => run !== null && !isFailure(run)) };
    },
    async answerApproval(runId, answers) {
      const outcome = await answerApproval(runId, answers, { source, report, ...context });
      beginAnew();
      return outcome;
    },
  };
  // Mutations are executed one after the other: nothing waits for the old loaders.
  const beginAnew = (): void => void Object.assign(context, createLoaders(source, scanBudget));
  return context;
}

/** Returns a run whose request a cancel request has denied; null if it was not, after all. */
async function deniedRun(id: string, { runById, approvals }: Loaders): Promise<Run | null> {
  const run = await runById.load(id);
  const pause = run && (await approvals.pauseOf(run));
  return pause?.state === 'DENIED_BY_CANCEL' ? run : null;
}

type Loaders = ReturnType<typeof createLoaders>;

function createLoaders(source: RunsSource, scanBudget: number) {
  const runById = createById((id) => source.retrieve('run', id));
  return {
    runById,
    stepById: createById((id) => source.retrieve('step', id)),
    agents: createAgents(source),
    approvals: createApprovals(source),
    runs: createRuns(source, runById, scanBudget),
    runParts: createRunParts(source, runById),
  };
}
