import type { FilterOf } from '../lists/filters.ts';
import type { Page } from '../lists/pages/build-page.ts';
import { loadPage, type RowsById } from '../lists/pages/load-page.ts';
import type { ListArguments, PageNeeds } from '../lists/pages/plan-page.ts';
import { readRange } from '../lists/ranges/read-range.ts';
import type { LiveRuns } from '../live/index.ts';
import type { Prices } from '../runs/prices.ts';
import type { Run } from '../runs/run.ts';
import type { FiltersOf, ItemsWithId, ListOf, RunsSource } from '../runs/runs-source.ts';
import { type Approvals, createApprovals } from './approvals.ts';
import { LookUps } from './look-ups.ts';
import type { ChangeSources, Report } from './read-run.ts';
import { createRuns, type Runs } from './run-lists.ts';

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
  readonly report?: Report | undefined;
}

/** The context of resolvers: the loaders of one operation for its caller, each created when it is first used. */
export class Context {
  readonly #source: RunsSource;
  readonly options: ContextOptions;
  #loaders: { lookUps?: LookUps; approvals?: Approvals; runs?: Runs } = {};

  constructor(source: RunsSource, options: ContextOptions) {
    this.#source = source;
    this.options = options;
  }

  get lookUps(): LookUps {
    return (this.#loaders.lookUps ??= new LookUps(this.#source));
  }

  get runById(): RowsById<Run> {
    return this.lookUps.byId('run');
  }

  get approvals(): Approvals {
    return (this.#loaders.approvals ??= createApprovals(this.#source));
  }

  /** Lets pending requests be looked up again. */
  forgetApprovals(): void {
    delete this.#loaders.approvals;
  }

  get runs(): Runs {
    return (this.#loaders.runs ??= createRuns(this.#source, this.lookUps, this.options.scanBudget));
  }

  /** Loads a page of a list, and remembers its rows. @throws InvalidCursorError, UnsupportedError, UpstreamError */
  page<Name extends keyof ItemsWithId, Filters extends FiltersOf<Name>>(
    list: ListOf<Name, Filters>,
    args: ListArguments<FilterOf<Filters>>,
    needs: PageNeeds,
  ): Promise<Page<ItemsWithId[Name]>> {
    const served = this.#source.served(list);
    const byId = this.lookUps.byId(list.noun);
    return loadPage(args, needs, { list, readRange: (request) => readRange(request, served), byId });
  }

  /** Reads what a change would do. */
  preview<Outcome>(read: (sources: ChangeSources) => Promise<Outcome>): Promise<Outcome> {
    const { report = () => undefined } = this.options;
    return read({ source: this.#source, approvals: this.approvals, report });
  }

  /** Changes runs. Loaders begin anew before, since others may have changed them meanwhile, and afterwards. */
  async change<Outcome>(send: (sources: ChangeSources) => Promise<Outcome>): Promise<Outcome> {
    // Mutations are executed one after the other: nothing waits for the old loaders.
    this.#loaders = {};
    try {
      return await this.preview(send);
    } finally {
      this.#loaders = {};
    }
  }
}
