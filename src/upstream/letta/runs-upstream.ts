import { UpstreamError } from '../../runs/errors.ts';
import { IDS } from '../../runs/ids.ts';
import type { Run } from '../../runs/run.ts';
import type { RunsSource } from '../../runs/source.ts';
import type { Body } from '../../wire/body.ts';
import type { ReportDrift } from '../../wire/drift.ts';
import { parseUpstreamJson } from '../../wire/parse-upstream-json.ts';
import { decodeRunList, type ReadRunList, type RunList } from '../../wire/run-list.ts';
import type { Credentials } from '../credentials.ts';
import { type Bulkhead, createBulkhead } from '../http/bulkhead.ts';
import type { CallerHeaders } from '../http/caller-headers.ts';
import { createHealthClient } from '../http/health-client.ts';
import { createRestClient, type GetOptions, type RestClientOptions } from '../http/rest-client.ts';
import { createSingleFlight } from '../http/single-flight.ts';
import { noTelemetry } from '../telemetry.ts';
import { decoded } from './decoded.ts';
import { createDialectMemory, type Dialect } from './dialect.ts';
import { createHeldResponses, measured, readMeasured } from './held-responses.ts';
import { createInternalRunsMemory, type InternalRunsState } from './internal-runs.ts';
import { createListedDurations } from './listed-durations.ts';
import { createPageSizes, type PageSizes } from './page-sizes.ts';
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
import {
  agentPath,
  cancelPath,
  HEALTH_PATH,
  internalListPath,
  listPath,
  retrievePath,
  type SeekParameters,
  stepPath,
} from './runs-url.ts';
import { seekRun } from './seek-run.ts';
import { followSplitting } from './split-lists.ts';

/** Requests for lists in flight for one `forCaller`, and look-ups that are in flight or wait for a permit. */
const MAX_AT_ONCE = 16;
const OWN_BULKHEAD = { permits: MAX_AT_ONCE, queueCapacity: Infinity, share: Infinity };
/** Where nobody waits for what was aborted. */
const OPERATION_BULKHEAD = { ...OWN_BULKHEAD, forgetsAborted: true };
/** What an operation may look up in all, as a multiple of the largest response. */
const MAX_HELD_RESPONSES = 4;

export interface RunsUpstreamOptions extends RestClientOptions {
  /** The cursor dialect. @default detected */
  readonly dialect?: Dialect | undefined;
  /** Reads the response to a list request. @default decodeRunList */
  readonly readList?: ReadRunList;
}

interface Caller extends Credentials {
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

interface UpstreamHealth {
  /** The version that the upstream reports. */
  readonly version: string | undefined;
  /** The cursor dialect, if it is known by the time that this is read. */
  readonly dialect: Dialect | undefined;
  /** What the internal list turned out to be, if it was needed by the time that this is read. */
  readonly internalRuns: InternalRunsState | undefined;
  /** How many rows of its lists stayed text to be copied, and how many were decoded; undefined before the first. */
  readonly rows: { readonly copied: number; readonly decoded: number } | undefined;
  /** How many rows a page of each kind of list has by the time that this is read: fewer where more was refused. */
  readonly pageSizes: PageSizes['current'];
}

/** The runs API at one URL, shared by all callers. */
export interface RunsUpstream extends AsyncDisposable {
  /** Returns the runs that this caller may see. */
  forCaller(caller: Caller): RunsSource;
  /** Resolves if the upstream reports that it is up. @throws UpstreamError */
  checkHealth(): Promise<UpstreamHealth>;
}

export function createRunsUpstream(options: RunsUpstreamOptions): RunsUpstream {
  const { telemetry = noTelemetry, readList = decodeRunList } = options;
  const rest = createRestClient(options);
  const health = createHealthClient(options);
  const memory = createDialectMemory({
    forced: options.dialect,
    onChange: (dialect) => telemetry.dialect(dialect),
  });
  if (options.dialect !== undefined) telemetry.dialect(options.dialect);
  const internalRuns = createInternalRunsMemory({ onChange: (state) => telemetry.internalRuns(state) });
  const sizes = createPageSizes({ onChange: (kind, size) => telemetry.pageSize(kind, size) });
  const repeatedKeys: RepeatedKeys = { understood: undefined };
  const following: Record<'steps' | 'messages', Following> = {
    steps: { parameter: 'after' },
    messages: { parameter: 'after' },
  };
  const createFlights = () => ({
    lists: createSingleFlight<RunList>((kind) => telemetry.call(kind), true),
    lookUps: createSingleFlight<unknown>((kind) => telemetry.call(kind)),
  });
  const sharedFlights = createFlights();

  const rows = { copied: 0, decoded: 0 };
  const countRows = ({ page: { length }, copied }: RunList): void => {
    rows.copied += copied;
    rows.decoded += length - copied;
    telemetry.rows(copied, length - copied);
  };
  const askVersion = async (): Promise<string | undefined> =>
    versionOf(await health.get(HEALTH_PATH, readJson));
  const listedDurations = createListedDurations({ askVersion });

  const report: ReportDrift = (kind, value) => telemetry.drift(kind, value);
  const readRuns = (body: Body): RunList =>
    measured(
      decoded(() => readList(body)),
      body,
    );
  const listRuns = async (
    path: string,
    headers: CallerHeaders,
    call: AbortController,
    getOptions?: GetOptions,
  ): Promise<RunList> => {
    const list = await rest.get(path, headers, readRuns, call, getOptions);
    if (list === undefined) {
      throw new UpstreamError('UPSTREAM_REJECTED', 'The list endpoint answered 404', { status: 404 });
    }
    countRows(list);
    list.reportDrift(report);
    return list;
  };

  return {
    forCaller(own) {
      const { callerKey, account, requestId, signal, onRequest } = own;
      const { changesRuns = false, isOneOperation = false, onHeld = () => undefined } = own;
      const headers = { callerKey, account, headers: own.headers, requestId };
      const { lists, lookUps } = changesRuns ? createFlights() : sharedFlights;
      // Callers who differ in anything that decides what they see must never share a response.
      const keyOf = (path: string): string => callerKey + path;
      // Keeps an operation with very many pages or runs from starving others of the same caller.
      const ownBulkhead = isOneOperation ? OPERATION_BULKHEAD : OWN_BULKHEAD;
      const ownLists = createBulkhead(ownBulkhead);
      const held = createHeldResponses(
        isOneOperation ? options.maxBytes * MAX_HELD_RESPONSES : Infinity,
        onHeld,
      );
      let lookUpBulkhead: Bulkhead | undefined;
      const ownLookUps = (): Bulkhead =>
        (lookUpBulkhead ??= createBulkhead({
          ...ownBulkhead,
          // More as long as none has to wait for a permit, and as many are left as another operation may take.
          mayExceed: (inFlight) => rest.hasRoom(own, 1 + MAX_AT_ONCE) && held.hasRoom(inFlight),
        }));
      const listAt = (path: string, getOptions?: GetOptions): Promise<RunList> => {
        onRequest?.();
        const get = (call: AbortController): Promise<RunList> =>
          held.arriving((onBytes) => listRuns(path, headers, call, { ...getOptions, onBytes }));
        const run = async (): Promise<RunList> => held.holdList(await lists.run(keyOf(path), get, signal));
        return ownLists.run(callerKey, run, signal);
      };
      const list: ListRuns = async (parameters) => {
        try {
          const { page, orders } = await listAt(listPath(parameters));
          return { rows: page, orders };
        } catch (error) {
          throw namingRefused(error, parameters.filter);
        }
      };
      const lookUp = async <T>(
        path: string,
        read: (json: unknown) => T,
        getOptions?: GetOptions,
      ): Promise<T | null> => {
        const get = (call: AbortController): Promise<unknown> =>
          held.arriving((onBytes) => rest.get(path, headers, readMeasured, call, { ...getOptions, onBytes }));
        const run = async (): Promise<unknown> => {
          held.check();
          onRequest?.();
          return held.hold(await lookUps.run(keyOf(path), get, signal));
        };
        const json = await ownLookUps().run(callerKey, run, signal);
        return json === undefined ? null : read(json);
      };
      const retrieve = (id: string): Promise<Run | null> =>
        lookUp(retrievePath(id), (json) => readRun(json, id)).catch(nullIf(400, 422));
      // The route may fail while all others are served.
      const sought = {
        listInternal: (parameters: SeekParameters) =>
          listAt(internalListPath(parameters), { mayFailAlone: true }),
        retrieve,
      };
      const exists = async (id: string): Promise<boolean> => (await retrieve(id)) !== null;
      /** Follows ranges by one way to send requests for lists. */
      const followBy = (listBy: ListRuns): Follow => {
        const probed = { list: listBy, exists };
        const follow: Follow = (page) => rowsFollowing(page, probed, memory, telemetry);
        const followPaged: Follow = (part) => pagedRange(part, follow, sizes);
        return (query) => followSplitting(query, followPaged, repeatedKeys);
      };
      const listParts = (name: 'steps' | 'messages', id: string): ListParts => {
        const { path, mayFailAlone } = RUN_PARTS[name];
        return {
          async page(query) {
            const page = await lookUp(`${path(id)}?${query}`, readRows, { mayFailAlone });
            if (page !== null) return page;
            const message = `The run ${id} has no ${name}, or not the one that they should follow`;
            throw new UpstreamError('UPSTREAM_REJECTED', message, { status: 404 });
          },
          following: following[name],
          failedCheck: () => telemetry.failedCheck('position'),
        };
      };
      return {
        rowsFollowing: followBy(list),
        readAhead(query) {
          const ahead = createAheadRequests(list);
          followBy(ahead.send)(query).catch(() => undefined);
          return followBy(ahead.list);
        },
        seek: (query) => seekRun(query, sought, internalRuns, callerKey),
        canSeek: () => (internalRuns.known ?? 'available') === 'available',
        retrieve,
        retrieveStep: (id) => lookUp(stepPath(id), (json) => readStep(json, id)).catch(nullIf(422)),
        listSteps: (id) => createRunSteps(id, listParts('steps', id), sizes, report),
        listMessages: (id, isFiltered) =>
          createRunMessages(id, isFiltered, listParts('messages', id), sizes, report),
        retrievePart: (name, id) => lookUp(RUN_PARTS[name].path(id), (json) => readMetrics(json, report)),
        retrieveAgent(id) {
          // An agent without a model's configuration makes the API fail.
          const found = lookUp(agentPath(id), (json) => readAgent(json, id, telemetry), {
            mayFailAlone: true,
          });
          return IDS.agent.currentPattern.test(id) ? found : found.catch(nullIf(422));
        },
        async cancel(agentId, runIds) {
          // Without ids, the API would cancel all active runs of the agent.
          if (runIds.length === 0) throw new Error('Expected the ids of the runs to cancel');
          onRequest?.();
          const body = JSON.stringify({ run_ids: runIds });
          const post = () => rest.post(cancelPath(agentId), headers, body, readJson, signal);
          return ownLookUps().run(callerKey, post, signal);
        },
        listsDurations: () => listedDurations.areShown(),
        takesManyAgents: () => repeatedKeys.understood !== false,
      };
    },
    async checkHealth() {
      const version = await askVersion();
      listedDurations.record(version);
      return {
        version,
        get dialect() {
          return memory.known;
        },
        get internalRuns() {
          return internalRuns.known;
        },
        get pageSizes() {
          return sizes.current;
        },
        get rows() {
          return rows.copied + rows.decoded === 0 ? undefined : { ...rows };
        },
      };
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([rest[Symbol.asyncDispose](), health[Symbol.asyncDispose]()]);
    },
  };
}

function readJson(body: Body): unknown {
  return parseUpstreamJson(body.text());
}

/** For the status by which an API answers an id in an invalid format: there is no such object. */
function nullIf(...statuses: readonly number[]): (error: unknown) => null {
  return (error) => {
    if (error instanceof UpstreamError && statuses.some((status) => status === error.status)) return null;
    throw error;
  };
}

function versionOf(health: unknown): string | undefined {
  if (typeof health !== 'object' || health === null || !('version' in health)) return undefined;
  return typeof health.version === 'string' ? health.version : undefined;
}
