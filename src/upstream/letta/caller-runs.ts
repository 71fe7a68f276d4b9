import { UpstreamError } from '../../errors/upstream-error.ts';
import type { DialectMemory } from '../../lists/ranges/dialect.ts';
import type { PageSizes } from '../../lists/ranges/page-sizes.ts';
import { pagedRange } from '../../lists/ranges/paged-range.ts';
import { type ListRuns, rowsFollowing } from '../../lists/ranges/range-query.ts';
import { createAheadRequests } from '../../lists/ranges/read-ahead.ts';
import type { Follow, RepeatedKeys } from '../../lists/ranges/repeated-keys.ts';
import { followSplitting } from '../../lists/ranges/split-lists.ts';
import type { Rows } from '../../lists/rows.ts';
import type { AgentDetails } from '../../runs/agent.ts';
import type { RunMetrics, RunStep } from '../../runs/details.ts';
import { IDS } from '../../runs/ids.ts';
import type { RunMessage } from '../../runs/messages.ts';
import type { Run } from '../../runs/run.ts';
import type { RunItems, RunRangeQuery, RunSeek, RunsSource, SoughtRun } from '../../runs/source.ts';
import type { CallerKey } from '../credentials.ts';
import type { PostOutcome } from '../http/post-once.ts';
import type { UpstreamTelemetry } from '../telemetry.ts';
import { type Caller, CallerRequests, type SharedRequests } from './caller-requests.ts';
import type { InternalRunsMemory } from './internal-runs.ts';
import type { ListedDurations } from './listed-durations.ts';
import { readAgent } from './read-agent.ts';
import { readMetrics, readRows, readRun, readStep } from './read-run.ts';
import { namingRefused } from './refused-argument.ts';
import type { Following, ListParts } from './run-items.ts';
import { createRunMessages } from './run-messages.ts';
import { RUN_PARTS } from './run-parts.ts';
import { createRunSteps } from './run-steps.ts';
import { agentPath, cancelPath, internalListPath, listPath, retrievePath, stepPath } from './runs-url.ts';
import { seekRun } from './seek-run.ts';

/** What all callers of one upstream share. */
export interface SharedUpstream extends SharedRequests {
  readonly telemetry: UpstreamTelemetry;
  readonly memory: DialectMemory;
  readonly internalRuns: InternalRunsMemory;
  readonly sizes: PageSizes;
  readonly repeatedKeys: RepeatedKeys;
  readonly following: Readonly<Record<'steps' | 'messages', Following>>;
  readonly listedDurations: ListedDurations;
}

/** The runs that one caller can see. */
export class CallerRuns implements RunsSource {
  readonly #shared: SharedUpstream;
  readonly #callerKey: CallerKey;
  readonly #requests: CallerRequests;

  constructor(shared: SharedUpstream, caller: Caller) {
    this.#shared = shared;
    this.#callerKey = caller.callerKey;
    this.#requests = new CallerRequests(shared, caller);
  }

  rowsFollowing(query: RunRangeQuery): Promise<Rows<Run>> {
    return this.#follow(query, this.#list);
  }

  readAhead(query: RunRangeQuery): RunsSource['rowsFollowing'] {
    const ahead = createAheadRequests(this.#list);
    this.#follow(query, ahead.send).catch(() => undefined);
    return (known) => this.#follow(known, ahead.list);
  }

  seek(query: RunSeek): Promise<SoughtRun | null | undefined> {
    const sought = {
      // The route may fail while all others are served.
      listInternal: (parameters: Parameters<typeof internalListPath>[0]) =>
        this.#requests.list(internalListPath(parameters), { mayFailAlone: true }),
      retrieve: (id: string) => this.retrieve(id),
    };
    return seekRun(query, sought, this.#shared.internalRuns, this.#callerKey);
  }

  canSeek(): boolean {
    return (this.#shared.internalRuns.known ?? 'available') === 'available';
  }

  retrieve(id: string): Promise<Run | null> {
    return this.#requests.lookUp(retrievePath(id), (json) => readRun(json, id)).catch(nullIf(400, 422));
  }

  retrieveStep(id: string): Promise<RunStep | null> {
    return this.#requests.lookUp(stepPath(id), (json) => readStep(json, id)).catch(nullIf(422));
  }

  listSteps(id: string): RunItems<RunStep> {
    const { sizes, report } = this.#shared;
    return createRunSteps(id, this.#listParts('steps', id), sizes, report);
  }

  listMessages(id: string, isFiltered: () => Promise<boolean>): RunItems<RunMessage> {
    const { sizes, report } = this.#shared;
    return createRunMessages(id, isFiltered, this.#listParts('messages', id), sizes, report);
  }

  retrievePart(name: 'metrics', id: string): Promise<RunMetrics | null> {
    return this.#requests.lookUp(RUN_PARTS[name].path(id), (json) => readMetrics(json, this.#shared.report));
  }

  retrieveAgent(id: string): Promise<AgentDetails | null> {
    const read = (json: unknown): AgentDetails => readAgent(json, id, this.#shared.telemetry);
    // An agent without a model's configuration makes the API fail.
    const found = this.#requests.lookUp(agentPath(id), read, { mayFailAlone: true });
    return IDS.agent.currentPattern.test(id) ? found : found.catch(nullIf(422));
  }

  async cancel(agentId: string, runIds: readonly string[]): Promise<PostOutcome> {
    // Without ids, the API would cancel all active runs of the agent.
    if (runIds.length === 0) throw new Error('Expected the ids of the runs to cancel');
    return this.#requests.post(cancelPath(agentId), { run_ids: runIds });
  }

  listsDurations(): Promise<boolean> {
    return this.#shared.listedDurations.areShown();
  }

  takesManyAgents(): boolean {
    return this.#shared.repeatedKeys.understood !== false;
  }

  /** Follows a range by one way to send requests for lists. */
  #follow(query: RunRangeQuery, list: ListRuns): Promise<Rows<Run>> {
    const { memory, telemetry, sizes, repeatedKeys } = this.#shared;
    const probed = { list, exists: async (id: string) => (await this.retrieve(id)) !== null };
    const follow: Follow = (page) => rowsFollowing(page, probed, memory, telemetry);
    const followPaged: Follow = (part) => pagedRange(part, follow, sizes);
    return followSplitting(query, followPaged, repeatedKeys);
  }

  readonly #list: ListRuns = async (parameters) => {
    try {
      const { page, orders } = await this.#requests.list(listPath(parameters));
      return { rows: page, orders };
    } catch (error) {
      throw namingRefused(error, parameters.filter);
    }
  };

  #listParts(name: 'steps' | 'messages', id: string): ListParts {
    const { path, mayFailAlone } = RUN_PARTS[name];
    return {
      page: async (query) => {
        const page = await this.#requests.lookUp(`${path(id)}?${query}`, readRows, { mayFailAlone });
        if (page !== null) return page;
        const message = `The run ${id} has no ${name}, or not the one that they should follow`;
        throw new UpstreamError('UPSTREAM_REJECTED', message, { status: 404 });
      },
      following: this.#shared.following[name],
      failedCheck: () => this.#shared.telemetry.failedCheck('position'),
    };
  }
}

/** For the status by which an API answers an id in an invalid format: there is no such object. */
function nullIf(...statuses: readonly number[]): (error: unknown) => null {
  return (error) => {
    if (error instanceof UpstreamError && statuses.some((status) => status === error.status)) return null;
    throw error;
  };
}
