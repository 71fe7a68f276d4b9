import type { AgentDetails } from '../../runs/agent.ts';
import type { RunMetrics, RunStep } from '../../runs/details.ts';
import { UpstreamError } from '../../runs/errors.ts';
import { IDS } from '../../runs/ids.ts';
import type { RunMessage } from '../../runs/messages.ts';
import type { Rows } from '../../runs/rows.ts';
import type { Run } from '../../runs/run.ts';
import type { RunItems, RunRangeQuery, RunSeek, RunsSource, SoughtRun } from '../../runs/source.ts';
import type { Body } from '../../wire/body.ts';
import type { ReportDrift } from '../../wire/drift.ts';
import { parseUpstreamJson } from '../../wire/parse-upstream-json.ts';
import type { RunList } from '../../wire/run-list.ts';
import type { Credentials } from '../credentials.ts';
import { type Bulkhead, createBulkhead } from '../http/bulkhead.ts';
import type { CallerHeaders } from '../http/caller-headers.ts';
import type { PostOutcome } from '../http/post-once.ts';
import type { GetOptions, RestClient } from '../http/rest-client.ts';
import type { SingleFlight } from '../http/single-flight.ts';
import type { UpstreamTelemetry } from '../telemetry.ts';
import type { DialectMemory } from './dialect.ts';
import { HeldResponses, readSized, type Sized } from './held-responses.ts';
import type { InternalRunsMemory } from './internal-runs.ts';
import type { ListedDurations } from './listed-durations.ts';
import type { PageSizes } from './page-sizes.ts';
import { pagedRange } from './paged-range.ts';
import { type ListRuns, rowsFollowing } from './range-query.ts';
import { readAgent } from './read-agent.ts';
import { createAheadRequests } from './read-ahead.ts';
import { readMetrics, readRows, readRun, readStep } from './read-run.ts';
import { namingRefused } from './refused-argument.ts';
import type { Follow, RepeatedKeys } from './repeated-keys.ts';
import type { Following, ListParts } from './run-items.ts';
import { createRunMessages } from './run-messages.ts';
import { RUN_PARTS } from './run-parts.ts';
import { createRunSteps } from './run-steps.ts';
import { agentPath, cancelPath, internalListPath, listPath, retrievePath, stepPath } from './runs-url.ts';
import { seekRun } from './seek-run.ts';
import { followSplitting } from './split-lists.ts';

/** Identical requests in flight. */
export interface Flights {
  readonly lists: SingleFlight<Sized<RunList>>;
  readonly lookUps: SingleFlight<Sized<unknown> | undefined>;
}

/** What all callers of one upstream share. */
export interface SharedUpstream {
  readonly rest: RestClient;
  readonly telemetry: UpstreamTelemetry;
  readonly report: ReportDrift;
  readonly flights: Flights;
  readonly createFlights: () => Flights;
  readonly memory: DialectMemory;
  readonly internalRuns: InternalRunsMemory;
  readonly sizes: PageSizes;
  readonly repeatedKeys: RepeatedKeys;
  readonly following: Readonly<Record<'steps' | 'messages', Following>>;
  readonly listedDurations: ListedDurations;
  /** Bytes of the largest response. */
  readonly maxBytes: number;
  readonly readRuns: (body: Body) => Sized<RunList>;
  readonly countRows: (list: RunList) => void;
}

export interface Caller extends Credentials {
  /** Sent upstream as `x-request-id`. */
  readonly requestId?: string | undefined;
  /** Aborts when the caller has disconnected. */
  readonly signal: AbortSignal;
  /**
   * Whether everything that is looked up is for one operation, which holds it until it has been answered,
   * and so may not look up any amount.
   *
   * @default false
   */
  readonly isOneOperation?: boolean;
  /**
   * Whether its reads join nobody else's in flight: those may have begun before it changed something.
   *
   * @default false
   */
  readonly changesRuns?: boolean;
  /** Called for each request that is started or joined for this caller. */
  readonly onRequest?: () => void;
  /** Called with the bytes of responses that are held for this caller, or, below 0, no longer. */
  readonly onHeld?: (bytes: number) => void;
}

/** Requests for lists in flight for one caller, and look-ups that are in flight or wait for a permit. */
const MAX_AT_ONCE = 16;
const OWN_BULKHEAD = { permits: MAX_AT_ONCE, queueCapacity: Infinity, share: Infinity };
/** Where nobody waits for what was aborted. */
const OPERATION_BULKHEAD = { ...OWN_BULKHEAD, forgetsAborted: true };
/** What an operation may look up in all, as a multiple of the largest response. */
const MAX_HELD_RESPONSES = 4;

/** The runs that one caller can see. */
export class CallerRuns implements RunsSource {
  readonly #shared: SharedUpstream;
  readonly #caller: Caller;
  readonly #headers: CallerHeaders;
  readonly #flights: Flights;
  readonly #held: HeldResponses;
  /** Keeps an operation with very many pages or runs from starving others of the same caller. */
  readonly #lists: Bulkhead;
  #lookUps: Bulkhead | undefined;

  constructor(shared: SharedUpstream, caller: Caller) {
    const { callerKey, account, headers, requestId, isOneOperation, changesRuns, onHeld } = caller;
    this.#shared = shared;
    this.#caller = caller;
    this.#headers = { callerKey, account, headers, requestId };
    this.#flights = changesRuns === true ? shared.createFlights() : shared.flights;
    this.#held = new HeldResponses(
      isOneOperation === true ? shared.maxBytes * MAX_HELD_RESPONSES : Infinity,
      onHeld,
    );
    this.#lists = createBulkhead(isOneOperation === true ? OPERATION_BULKHEAD : OWN_BULKHEAD);
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
        this.#listAt(internalListPath(parameters), { mayFailAlone: true }),
      retrieve: (id: string) => this.retrieve(id),
    };
    return seekRun(query, sought, this.#shared.internalRuns, this.#caller.callerKey);
  }

  canSeek(): boolean {
    return (this.#shared.internalRuns.known ?? 'available') === 'available';
  }

  retrieve(id: string): Promise<Run | null> {
    return this.#lookUp(retrievePath(id), (json) => readRun(json, id)).catch(nullIf(400, 422));
  }

  retrieveStep(id: string): Promise<RunStep | null> {
    return this.#lookUp(stepPath(id), (json) => readStep(json, id)).catch(nullIf(422));
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
    return this.#lookUp(RUN_PARTS[name].path(id), (json) => readMetrics(json, this.#shared.report));
  }

  retrieveAgent(id: string): Promise<AgentDetails | null> {
    const read = (json: unknown): AgentDetails => readAgent(json, id, this.#shared.telemetry);
    // An agent without a model's configuration makes the API fail.
    const found = this.#lookUp(agentPath(id), read, { mayFailAlone: true });
    return IDS.agent.currentPattern.test(id) ? found : found.catch(nullIf(422));
  }

  async cancel(agentId: string, runIds: readonly string[]): Promise<PostOutcome> {
    // Without ids, the API would cancel all active runs of the agent.
    if (runIds.length === 0) throw new Error('Expected the ids of the runs to cancel');
    const { callerKey, signal, onRequest } = this.#caller;
    onRequest?.();
    const body = JSON.stringify({ run_ids: runIds });
    const post = () => this.#shared.rest.post(cancelPath(agentId), this.#headers, body, readJson, signal);
    return this.#ownLookUps().run(callerKey, post, signal);
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
      const { page, orders } = await this.#listAt(listPath(parameters));
      return { rows: page, orders };
    } catch (error) {
      throw namingRefused(error, parameters.filter);
    }
  };

  #listAt(path: string, options?: GetOptions): Promise<RunList> {
    const { callerKey, signal, onRequest } = this.#caller;
    onRequest?.();
    const get = async (call: AbortController): Promise<Sized<RunList>> => {
      const list = await this.#get(path, this.#shared.readRuns, call, options);
      if (list === undefined) {
        throw new UpstreamError('UPSTREAM_REJECTED', 'The list endpoint answered 404', { status: 404 });
      }
      this.#shared.countRows(list.value);
      list.value.reportDrift(this.#shared.report);
      return list;
    };
    const run = async (): Promise<RunList> =>
      this.#held.holdList(await this.#flights.lists.run(callerKey + path, get, signal));
    return this.#lists.run(callerKey, run, signal);
  }

  async #lookUp<T>(path: string, read: (json: unknown) => T, options?: GetOptions): Promise<T | null> {
    const { callerKey, signal, onRequest } = this.#caller;
    const get = (call: AbortController) => this.#get(path, readSized, call, options);
    const run = async (): Promise<unknown> => {
      this.#held.check();
      onRequest?.();
      const answer = await this.#flights.lookUps.run(callerKey + path, get, signal);
      return answer && this.#held.hold(answer);
    };
    const json = await this.#ownLookUps().run(callerKey, run, signal);
    return json === undefined ? null : read(json);
  }

  #ownLookUps(): Bulkhead {
    const { isOneOperation } = this.#caller;
    return (this.#lookUps ??= createBulkhead({
      ...(isOneOperation === true ? OPERATION_BULKHEAD : OWN_BULKHEAD),
      // More as long as none has to wait for a permit, and as many are left as another operation may take.
      mayExceed: (inFlight) =>
        this.#shared.rest.hasRoom(this.#caller, 1 + MAX_AT_ONCE) && this.#held.hasRoom(inFlight),
    }));
  }

  /** Holds the bytes of a response while they arrive; afterwards whoever takes it holds it. */
  async #get<T>(
    path: string,
    read: (body: Body) => T,
    call: AbortController,
    options?: GetOptions,
  ): Promise<T | undefined> {
    const { onHeld } = this.#caller;
    let arrived = 0;
    const onBytes = (bytes: number): void => {
      arrived += bytes;
      onHeld?.(bytes);
    };
    try {
      return await this.#shared.rest.get(path, this.#headers, read, call, { ...options, onBytes });
    } finally {
      onHeld?.(-arrived);
    }
  }

  #listParts(name: 'steps' | 'messages', id: string): ListParts {
    const { path, mayFailAlone } = RUN_PARTS[name];
    return {
      page: async (query) => {
        const page = await this.#lookUp(`${path(id)}?${query}`, readRows, { mayFailAlone });
        if (page !== null) return page;
        const message = `The run ${id} has no ${name}, or not the one that they should follow`;
        throw new UpstreamError('UPSTREAM_REJECTED', message, { status: 404 });
      },
      following: this.#shared.following[name],
      failedCheck: () => this.#shared.telemetry.failedCheck('position'),
    };
  }
}

export function readJson(body: Body): unknown {
  return parseUpstreamJson(body.text());
}

/** For the status by which an API answers an id in an invalid format: there is no such object. */
function nullIf(...statuses: readonly number[]): (error: unknown) => null {
  return (error) => {
    if (error instanceof UpstreamError && statuses.some((status) => status === error.status)) return null;
    throw error;
  };
}
