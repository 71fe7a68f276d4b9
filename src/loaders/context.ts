import type { UpstreamError } from '../errors/upstream-error.ts';
import type { FilterOf } from '../lists/filters.ts';
import type { Page } from '../lists/pages/build-page.ts';
import { loadPage, type RowsById } from '../lists/pages/load-page.ts';
import type { ListArguments, PageNeeds } from '../lists/pages/plan-page.ts';
import { readRange } from '../lists/ranges/read-range.ts';
import type { LiveRuns } from '../live/index.ts';
import type { Prices } from '../runs/prices.ts';
import type { Run } from '../runs/run.ts';
import type { ApprovalAnswer, FiltersOf, ItemsWithId, ListOf, RunsSource } from '../runs/runs-source.ts';
import { type AnswerOutcome, answerApproval } from './answer-approval.ts';
import { type Approvals, createApprovals } from './approvals.ts';
import { type CancelOutcome, cancelRuns } from './cancel-runs.ts';
import { LookUps } from './look-ups.ts';
import {
  findPendingApprovals,
  type PendingApprovals,
  type PendingApprovalsArguments,
} from './pending-approvals.ts';
import { isFailure, readOr } from './read-run.ts';
import { createRuns, type Runs } from './runs.ts';

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

interface Cancelled {
  readonly outcomes: readonly CancelOutcome[];
  /** The runs whose requests were denied. */
  readonly denied: readonly Run[];
}

interface Loaders {
  lookUps: LookUps;
  approvals: Approvals;
  runs: Runs;
}

/** The context of resolvers: the loaders of one operation, each made when it is first used, limited to what its caller may see. */
export class Context implements Readonly<Loaders> {
  readonly mayWrite: boolean;
  readonly prices: Prices | undefined;
  readonly #source: RunsSource;
  readonly #options: ContextOptions;
  #loaders: Partial<Loaders> = {};
  #rateLimit: Promise<RateLimitState | null> | undefined;

  constructor(source: RunsSource, options: ContextOptions) {
    this.mayWrite = options.mayWrite;
    this.prices = options.prices;
    this.#source = source;
    this.#options = options;
  }

  get lookUps(): LookUps {
    return (this.#loaders.lookUps ??= new LookUps(this.#source));
  }

  get runById(): RowsById<Run> {
    return this.lookUps.byId('run');
  }

  get approvals(): Approvals {
    return (this.#loaders.approvals ??= createApprovals(this.#source, this.lookUps));
  }

  get runs(): Runs {
    return (this.#loaders.runs ??= createRuns(this.#source, this.runById, this.#options.scanBudget));
  }

  /** Loads a page of a list, whose rows need no look-up any more. @throws InvalidCursorError, UnsupportedError, UpstreamError */
  page<Name extends keyof ItemsWithId, Filters extends FiltersOf<Name>>(
    list: ListOf<Name, Filters>,
    args: ListArguments<FilterOf<Filters>>,
    needs: PageNeeds,
  ): Promise<Page<ItemsWithId[Name]>> {
    const served = this.#source.served(list);
    const byId = this.lookUps.byId(list.item);
    return loadPage(args, needs, { list, readRange: (request) => readRange(request, served), byId });
  }

  live(): LiveRuns {
    return this.#options.live();
  }

  listsDurations(): Promise<boolean> {
    return this.#source.listsDurations();
  }

  /** Reads the rate limit of the caller, once per operation; null if there is none. */
  rateLimit(): Promise<RateLimitState | null> {
    return (this.#rateLimit ??= this.#options.readRateLimit?.() ?? Promise.resolve(null));
  }

  pendingApprovals(args: PendingApprovalsArguments): Promise<PendingApprovals> {
    return findPendingApprovals(args, this, this.#options.scanBudget);
  }

  /** Cancels runs: see `cancelRuns`. Afterwards all loaders begin anew, since their results may have changed. */
  async cancelRuns(ids: readonly string[], mayDeny: readonly string[]): Promise<Cancelled> {
    const { outcomes, deniedIds } = await cancelRuns(ids, mayDeny, this.#sources());
    // Mutations are executed one after the other: nothing waits for the old loaders.
    this.#loaders = {};
    const { report } = this.#sources();
    const denied = await Promise.all(deniedIds.map((id) => readOr(this.runById.load(id), report)));
    return { outcomes, denied: denied.filter((run): run is Run => run !== null && !isFailure(run)) };
  }

  /** Answers a request: see `answerApproval`. Afterwards all loaders begin anew. */
  async answerApproval(runId: string, answers: readonly ApprovalAnswer[]): Promise<AnswerOutcome> {
    const outcome = await answerApproval(runId, answers, this.#sources());
    this.#loaders = {};
    return outcome;
  }

  #sources() {
    const { report = () => undefined } = this.#options;
    return { source: this.#source, approvals: this.approvals, report };
  }
}
