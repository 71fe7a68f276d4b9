import { UpstreamError } from '../../errors/upstream-error.ts';
import type { ItemList } from '../../lists/items/item-list.ts';
import type { Following, ListParts } from '../../lists/items/item-list.ts';
import { pathOf, type RequestPage } from '../../lists/list.ts';
import type { PageSizes } from '../../lists/ranges/page-sizes.ts';
import { type ListMemory, ProvenList } from '../../lists/ranges/proven-list.ts';
import type { Rows } from '../../lists/rows.ts';
import { AGENT_LIST, type AgentFilter } from '../../runs/agent-list.ts';
import type { Agent } from '../../runs/agent.ts';
import type { RunMetrics, RunStep } from '../../runs/details.ts';
import { IDS } from '../../runs/ids.ts';
import { RUN_LIST } from '../../runs/list.ts';
import type { RunMessage } from '../../runs/messages.ts';
import type { RunFilter } from '../../runs/run-filters.ts';
import type { Run } from '../../runs/run.ts';
import type { RunRangeQuery, RunsSource } from '../../runs/source.ts';
import type { Seek, SoughtRow } from '../../windows/window.ts';
import { decodeStep } from '../../wire/decode-details.ts';
import { decodeRun } from '../../wire/decode-run.ts';
import type { CallerKey } from '../credentials.ts';
import type { PostOutcome } from '../http/post-once.ts';
import type { UpstreamTelemetry } from '../telemetry.ts';
import { type Caller, CallerRequests, type SharedRequests } from './caller-requests.ts';
import type { InternalRunsMemory } from './internal-runs.ts';
import type { ListedDurations } from './listed-durations.ts';
import { readAgent, readAgents, readIdentified, readMetrics, readRows } from './read-answers.ts';
import { namingRefused } from './refused-argument.ts';
import { understandsRepeatedKeys } from './repeated-keys.ts';
import { createRunMessages } from './run-messages.ts';
import { createRunSteps } from './run-steps.ts';
import { agentPath, cancelPath, internalListPath, retrievePath, RUN_PARTS, stepPath } from './runs-url.ts';
import { seekRun } from './seek-run.ts';

/** What all callers of one upstream share. */
export interface SharedUpstream extends SharedRequests {
  readonly telemetry: UpstreamTelemetry;
  readonly runs: ListMemory;
  readonly agents: ListMemory;
  readonly internalRuns: InternalRunsMemory;
  readonly sizes: { readonly [Kind in 'steps' | 'messages']: PageSizes };
  readonly following: Readonly<Record<'steps' | 'messages', Following>>;
  readonly listedDurations: ListedDurations;
}

/** The runs that one caller can see. */
export class CallerRuns implements RunsSource {
  readonly #shared: SharedUpstream;
  readonly #callerKey: CallerKey;
  readonly #requests: CallerRequests;
  readonly #runs: ProvenList<Run, RunFilter>;
  #agents: ProvenList<Agent, AgentFilter> | undefined;

  constructor(shared: SharedUpstream, caller: Caller) {
    this.#shared = shared;
    this.#callerKey = caller.callerKey;
    this.#requests = new CallerRequests(shared, caller);
    this.#runs = new ProvenList(
      RUN_LIST,
      {
        page: this.#page,
        exists: async (id) => (await this.retrieve(id)) !== null,
        understandsRepeatedKeys: this.#understandsRepeatedKeys,
      },
      shared.runs,
    );
  }

  rowsFollowing(query: RunRangeQuery): Promise<Rows<Run>> {
    return this.#runs.rowsFollowing(query);
  }

  readAhead(query: RunRangeQuery): RunsSource['rowsFollowing'] {
    return this.#runs.readAhead(query);
  }

  seek(query: Seek): Promise<SoughtRow | null | undefined> {
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
    return this.#requests
      .lookUp(retrievePath(id), (json) => readIdentified(json, id, decodeRun))
      .catch(nullIf(400, 422));
  }

  retrieveStep(id: string): Promise<RunStep | null> {
    return this.#requests
      .lookUp(stepPath(id), (json) => readIdentified(json, id, decodeStep))
      .catch(nullIf(422));
  }

  listSteps(id: string): ItemList<RunStep> {
    const { sizes, report } = this.#shared;
    return createRunSteps(id, this.#listParts('steps', id), sizes.steps, report);
  }

  listMessages(id: string, isFiltered: () => Promise<boolean>): ItemList<RunMessage> {
    const { sizes, report } = this.#shared;
    return createRunMessages(id, isFiltered, this.#listParts('messages', id), sizes.messages, report);
  }

  retrievePart(name: 'metrics', id: string): Promise<RunMetrics | null> {
    return this.#requests.lookUp(RUN_PARTS[name].path(id), (json) => readMetrics(json, this.#shared.report));
  }

  get agents(): ProvenList<Agent, AgentFilter> {
    return (this.#agents ??= new ProvenList(
      AGENT_LIST,
      {
        page: this.#agentPage,
        exists: async (id) => (await this.retrieveAgent(id)) !== null,
        understandsRepeatedKeys: this.#understandsRepeatedKeys,
      },
      this.#shared.agents,
    ));
  }

  retrieveAgent(id: string): Promise<Agent | null> {
    const read = (json: unknown): Agent => readAgent(json, id, this.#shared.report);
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
    return this.#shared.runs.repeatedKeys.understood !== false;
  }

  readonly #page: RequestPage<Run, RunFilter> = async (parameters) => {
    try {
      const { page, orders } = await this.#requests.list(pathOf(RUN_LIST, parameters));
      return { rows: page, orders };
    } catch (error) {
      throw namingRefused(error, parameters.filter);
    }
  };

  readonly #agentPage: RequestPage<Agent, AgentFilter> = async (parameters) => {
    const read = (json: unknown): readonly Agent[] => readAgents(json, this.#shared.report);
    const path = pathOf(AGENT_LIST, parameters);
    const rows = await this.#requests
      .lookUp(path, read, { mayFailAlone: true })
      .catch((error: unknown) => Promise.reject(namingBrokenAgent(error)));
    if (rows !== null) return { rows, orders: [] };
    throw new UpstreamError('UPSTREAM_REJECTED', 'The list of agents answered 404', { status: 404 });
  };

  readonly #understandsRepeatedKeys = (): Promise<boolean | undefined> =>
    understandsRepeatedKeys((query) => this.#runs.rowsUnsplit(query));

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

/** One agent that the API can't read makes it fail for every page with it. */
function namingBrokenAgent(error: unknown): unknown {
  if (!(error instanceof UpstreamError) || error.status !== 500) return error;
  const message =
    'The runs API failed for this page of agents (500), as it does if one of them lacks the configuration of its model. Leave that one out by name, search or tags, or ask for fewer agents with first, up to the one before it.';
  return error.with({ refusal: { argument: 'search', message } });
}

/** For the status by which an API answers an id in an invalid format: there is no such object. */
function nullIf(...statuses: readonly number[]): (error: unknown) => null {
  return (error) => {
    if (error instanceof UpstreamError && statuses.some((status) => status === error.status)) return null;
    throw error;
  };
}
