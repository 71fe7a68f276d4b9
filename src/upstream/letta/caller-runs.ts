import type { Following, ItemList, ListParts } from '../../lists/items/item-list.ts';
import { type ListParameters, pathOf, type UncheckedPage } from '../../lists/list.ts';
import type { PageSizes } from '../../lists/ranges/page-sizes.ts';
import { type ListMemory, ProvenList } from '../../lists/ranges/proven-list.ts';
import type { Agent } from '../../runs/agent.ts';
import type { RunStep } from '../../runs/details.ts';
import { RUN_LIST } from '../../runs/list.ts';
import type { RunMessage } from '../../runs/messages.ts';
import type { RunFilter } from '../../runs/run-filters.ts';
import type { Run } from '../../runs/run.ts';
import type { RunPartName, RunParts, RunsSource } from '../../runs/source.ts';
import type { Seek, SoughtRow } from '../../windows/window.ts';
import { decodeStep } from '../../wire/decode-details.ts';
import { decodeRun } from '../../wire/decode-run.ts';
import type { CallerKey } from '../credentials.ts';
import type { PostOutcome } from '../http/rest-client.ts';
import type { UpstreamTelemetry } from '../telemetry.ts';
import { CallerAgents } from './caller-agents.ts';
import { type Caller, CallerRequests, type SharedRequests } from './caller-requests.ts';
import type { InternalRunsMemory } from './internal-runs.ts';
import type { ListedDurations } from './listed-durations.ts';
import { nullIf, PART_READERS, readIdentified, readRows } from './read-answers.ts';
import { namingRefused } from './refused-argument.ts';
import { understandsRepeatedKeys } from './repeated-keys.ts';
import { createRunMessages } from './run-messages.ts';
import { createRunSteps } from './run-steps.ts';
import { cancelPath, internalListPath, retrievePath, RUN_PARTS, stepPath } from './runs-url.ts';
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
export class CallerRuns extends ProvenList<Run, RunFilter> implements RunsSource {
  readonly #shared: SharedUpstream;
  readonly #callerKey: CallerKey;
  readonly #requests: CallerRequests;
  #agents: CallerAgents | undefined;

  constructor(shared: SharedUpstream, caller: Caller) {
    super(RUN_LIST, shared.runs);
    this.#shared = shared;
    this.#callerKey = caller.callerKey;
    this.#requests = new CallerRequests(shared, caller);
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

  retrievePart<Name extends RunPartName>(name: Name, id: string): Promise<RunParts[Name] | null> {
    const read: (typeof PART_READERS)[Name] = PART_READERS[name];
    const part = this.#requests.lookUp(RUN_PARTS[name].path(id), (json) => read(json, this.#shared.report));
    // Not every id of a step in a list is one that can be looked up.
    return name === 'timing' ? part.catch(nullIf(422)) : part;
  }

  get agents(): CallerAgents {
    return (this.#agents ??= new CallerAgents(this.#shared, this.#requests, this));
  }

  retrieveAgent(id: string): Promise<Agent | null> {
    return this.agents.retrieve(id);
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

  async page(parameters: ListParameters<RunFilter>): Promise<UncheckedPage<Run>> {
    try {
      const path = pathOf(RUN_LIST, parameters);
      const { page, orders } = await this.#requests.list(path);
      return { rows: page, orders };
    } catch (error) {
      throw namingRefused(error, parameters.filter);
    }
  }

  async exists(id: string): Promise<boolean> {
    return (await this.retrieve(id)) !== null;
  }

  understandsRepeatedKeys(): Promise<boolean | undefined> {
    return understandsRepeatedKeys((query) => this.rowsUnsplit(query));
  }

  #listParts(name: 'steps' | 'messages', id: string): ListParts {
    const { path, mayFailAlone } = RUN_PARTS[name];
    const missing = (): string => `The run ${id} has no ${name}, or not the one that they should follow`;
    const read = (json: unknown): readonly unknown[] => readRows(json, missing);
    return {
      page: (query) => this.#requests.lookUp(`${path(id)}?${query}`, read, { mayFailAlone }),
      following: this.#shared.following[name],
      failedCheck: () => this.#shared.telemetry.failedCheck('position'),
    };
  }
}
