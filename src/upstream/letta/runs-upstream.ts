import { createDialectMemory, type Dialect } from '../../lists/ranges/dialect.ts';
import { createPageSizes, type PageSizes } from '../../lists/ranges/page-sizes.ts';
import type { ListMemory } from '../../lists/ranges/proven-list.ts';
import { LIST_PAGES, type ListKind } from '../../runs/limits.ts';
import type { RunsSource } from '../../runs/source.ts';
import { MAX_ADDRESS_BYTES, RestClient, type RestClientOptions } from '../http/rest-client.ts';
import { SingleFlight } from '../http/single-flight.ts';
import { noTelemetry } from '../telemetry.ts';
import { type Answer, type Caller, type Flights, readJson } from './caller-requests.ts';
import { CallerRuns, type SharedUpstream } from './caller-runs.ts';
import { decodeRunList, type ReadRunList } from './decode/decode-runs.ts';
import { HEALTH_PATH } from './endpoints.ts';
import { createListedDurations } from './listed-durations.ts';
import type { InternalRunsState } from './seek-run.ts';

export interface RunsUpstreamOptions extends RestClientOptions {
  /** The cursor dialect. @default detected */
  readonly dialect?: Dialect | undefined;
  /** Reads the response to a list request. @default decodeRunList */
  readonly readList?: ReadRunList;
}

/** What a health check and the answers so far have shown. */
interface UpstreamHealth {
  /** The version that the upstream reports. */
  readonly version: string | undefined;
  /** The cursor dialect, if it is known. */
  readonly dialect: Dialect | undefined;
  /** What the internal list turned out to be, if it was needed. */
  readonly internalRuns: InternalRunsState | undefined;
  /** How many rows of its lists stayed text to be copied, and how many were decoded; undefined before the first. */
  readonly rows: { readonly copied: number; readonly decoded: number } | undefined;
  /** How many rows a page of each kind of list has: fewer where more was refused. */
  readonly pageSizes: Readonly<Record<ListKind, number>>;
}

/** The runs API at one URL, shared by all callers. */
export interface RunsUpstream extends AsyncDisposable {
  /** Returns the runs that this caller may see. */
  forCaller(caller: Caller): RunsSource;
  /** Resolves, to what tells the state at any time, if the upstream reports that it is up. @throws UpstreamError */
  checkHealth(): Promise<() => UpstreamHealth>;
}

export function createRunsUpstream(options: RunsUpstreamOptions): RunsUpstream {
  const { telemetry = noTelemetry, readList = decodeRunList } = options;
  const rest = new RestClient(options);
  const memory = createDialectMemory({
    forced: options.dialect,
    onChange: (dialect) => telemetry.dialect(dialect),
  });
  if (options.dialect !== undefined) telemetry.dialect(options.dialect);
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
  const createFlights = (): Flights => new SingleFlight<Answer | undefined>((kind) => telemetry.call(kind));
  const rows = { copied: 0, decoded: 0 };
  const askVersion = async (): Promise<string | undefined> => {
    const answer = await rest.checkHealth(HEALTH_PATH, readJson);
    const { version }: { version?: unknown } = Object(answer?.value);
    return typeof version === 'string' ? version : undefined;
  };

  const shared: SharedUpstream = {
    rest,
    telemetry,
    report: (kind, value) => telemetry.drift(kind, value),
    flights: createFlights(),
    createFlights,
    runs,
    agents,
    internalRuns: { known: undefined },
    sizes,
    following: { steps: { parameter: 'after' }, messages: { parameter: 'after' } },
    listsDurations: createListedDurations(askVersion),
    maxBytes: options.maxBytes,
    readRuns: readList,
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
      return () => ({
        version,
        dialect: memory.known,
        internalRuns: shared.internalRuns.known,
        pageSizes: {
          runs: sizes.runs.current,
          steps: sizes.steps.current,
          messages: sizes.messages.current,
          agents: sizes.agents.current,
        },
        rows: rows.copied + rows.decoded === 0 ? undefined : { ...rows },
      });
    },
    [Symbol.asyncDispose]: () => rest[Symbol.asyncDispose](),
  };
}
