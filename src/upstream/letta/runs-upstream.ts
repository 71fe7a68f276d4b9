import type { Following } from '../../lists/items/item-list.ts';
import { createDialectMemory, type Dialect } from '../../lists/ranges/dialect.ts';
import { createPageSizes, type PageSizes } from '../../lists/ranges/page-sizes.ts';
import type { ListMemory } from '../../lists/ranges/proven-list.ts';
import { LIST_PAGES, type ListKind } from '../../runs/limits.ts';
import type { RunsSource } from '../../runs/source.ts';
import type { ReportDrift } from '../../wire/drift.ts';
import { decoded } from '../../wire/json-fields.ts';
import { decodeRunList, type ReadRunList, type RunList } from '../../wire/run-list.ts';
import { MAX_ADDRESS_BYTES, RestClient, type RestClientOptions } from '../http/rest-client.ts';
import { SingleFlight } from '../http/single-flight.ts';
import { noTelemetry } from '../telemetry.ts';
import { type Caller, type Flights, readJson } from './caller-requests.ts';
import { CallerRuns, type SharedUpstream } from './caller-runs.ts';
import type { Sized } from './held-responses.ts';
import { createInternalRunsMemory, type InternalRunsState } from './internal-runs.ts';
import { createListedDurations } from './listed-durations.ts';
import { HEALTH_PATH } from './runs-url.ts';

export interface RunsUpstreamOptions extends RestClientOptions {
  /** The cursor dialect. @default detected */
  readonly dialect?: Dialect | undefined;
  /** Reads the response to a list request. @default decodeRunList */
  readonly readList?: ReadRunList;
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
  readonly pageSizes: Readonly<Record<ListKind, number>>;
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
  const rest = new RestClient(options);
  const memory = createDialectMemory({
    forced: options.dialect,
    onChange: (dialect) => telemetry.dialect(dialect),
  });
  if (options.dialect !== undefined) telemetry.dialect(options.dialect);
  const internalRuns = createInternalRunsMemory({ onChange: (state) => telemetry.internalRuns(state) });
  const sizesOf = (kind: ListKind): PageSizes =>
    createPageSizes(LIST_PAGES[kind], { onChange: (size) => telemetry.pageSize(kind, size) });
  const sizes = {
    runs: sizesOf('runs'),
    steps: sizesOf('steps'),
    messages: sizesOf('messages'),
    agents: sizesOf('agents'),
  };
  const runs: ListMemory = {
    dialect: memory,
    sizes: sizes.runs,
    repeatedKeys: { understood: undefined },
    maxPathBytes: MAX_ADDRESS_BYTES,
    failedCheck: (kind) => telemetry.failedCheck(kind),
  };
  // Their cursors have always been as documented.
  const agents: ListMemory = {
    ...runs,
    dialect: createDialectMemory({ expected: 'documented' }),
    sizes: sizes.agents,
  };
  const following: Record<'steps' | 'messages', Following> = {
    steps: { parameter: 'after' },
    messages: { parameter: 'after' },
  };
  const createFlights = (): Flights => ({
    lists: new SingleFlight<Sized<RunList>>((kind) => telemetry.call(kind)),
    lookUps: new SingleFlight<Sized<unknown> | undefined>((kind) => telemetry.call(kind)),
  });
  const rows = { copied: 0, decoded: 0 };
  const askVersion = async (): Promise<string | undefined> =>
    versionOf(await rest.checkHealth(HEALTH_PATH, readJson));
  const listedDurations = createListedDurations({ askVersion });
  const report: ReportDrift = (kind, value) => telemetry.drift(kind, value);

  const shared: SharedUpstream = {
    rest,
    telemetry,
    report,
    flights: createFlights(),
    createFlights,
    runs,
    agents,
    internalRuns,
    sizes,
    following,
    listedDurations,
    maxBytes: options.maxBytes,
    readRuns: (body) => ({ value: decoded(() => readList(body)), bytes: body.length }),
    countRows({ page: { length }, copied }) {
      rows.copied += copied;
      rows.decoded += length - copied;
      telemetry.rows(copied, length - copied);
    },
  };

  return {
    forCaller: (caller) => new CallerRuns(shared, caller),
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
          return {
            runs: sizes.runs.current,
            steps: sizes.steps.current,
            messages: sizes.messages.current,
            agents: sizes.agents.current,
          };
        },
        get rows() {
          return rows.copied + rows.decoded === 0 ? undefined : { ...rows };
        },
      };
    },
    [Symbol.asyncDispose]: () => rest[Symbol.asyncDispose](),
  };
}

function versionOf(health: unknown): string | undefined {
  if (typeof health !== 'object' || health === null || !('version' in health)) return undefined;
  return typeof health.version === 'string' ? health.version : undefined;
}
