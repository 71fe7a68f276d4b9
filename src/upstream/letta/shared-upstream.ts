import { LRUCache } from 'lru-cache';
import type { ListDefinition, ListState } from '../../lists/list.ts';
import { createDialectState, type Dialect, type DialectState } from '../../lists/ranges/dialect.ts';
import { PageSizes } from '../../lists/ranges/page-sizes.ts';
import { LIST_PAGES, type ListKind } from '../../runs/limits.ts';
import { getOrCompute } from '../../runs/memoize.ts';
import { SingleFlight } from '../../scheduling/single-flight.ts';
import type { Body } from '../body-chunks.ts';
import { RestClient, type RestClientOptions } from '../http/rest-client.ts';
import type { UpstreamTelemetry } from '../telemetry-events.ts';
import { decodeRunList, type ReadRunList, type RunList } from './decode/decode-runs.ts';
import { type ReportDrift, reportRunDrift } from './decode/drift.ts';
import { type ParsedBody, parseBody } from './decode/parse-body.ts';
import { textIn } from './decode/read-fields.ts';
import { createDurationsSupport } from './durations-support.ts';
import { HEALTH_PATH } from './endpoints.ts';
import { LETTA } from './letta-conventions.ts';

export interface SharedUpstreamOptions extends RestClientOptions {
  /** The cursor dialect; `auto` detects it. */
  readonly upstreamDialect: Dialect | 'auto';
  /** Reads the response to a list request. @default decodeRunList */
  readonly readList?: ReadRunList;
}

/** Milliseconds for which a request that was answered isn't answered again, and the most requests that are remembered. */
const ANSWERED_MS = 600_000;
const MAX_ANSWERED = 10_000;
/** Milliseconds between two copied lists that are also parsed, to report drift, and bytes of the largest one. */
const COPIED_DRIFT_MS = 1_000;
const MAX_DRIFT_BYTES = 2 * 1024 * 1024;

/** The content that was read from a response, with the bytes of memory that it takes. */
export type HeldResponse = Pick<ParsedBody, 'bytes'>;

/** Identical requests in flight. */
export type Flights = SingleFlight<HeldResponse>;

/** The state that all callers of the runs API at one URL share. */
export class SharedUpstream implements AsyncDisposable {
  readonly rest: RestClient;
  readonly telemetry: Partial<UpstreamTelemetry>;
  /** Bytes of the largest response. */
  readonly maxBytes: number;
  readonly flights: Flights;
  readonly sizes: Readonly<Record<ListKind, PageSizes>>;
  /** The dialect of runs, and of all lists that name no other. */
  readonly dialect: DialectState;
  readonly listsDurations = createDurationsSupport(() => this.#askVersion());
  readonly report: ReportDrift;
  /** The requests for an approval that were answered lately, by whichever caller: the API would take a second answer. */
  readonly answeredRequests = new LRUCache<string, true>({
    max: MAX_ANSWERED,
    ttl: ANSWERED_MS,
    perf: performance,
  });
  readonly #readList: ReadRunList;
  readonly #lists = new Map<ListKind, ListState>();
  #driftReportedAt = -Infinity;

  constructor(options: SharedUpstreamOptions) {
    const { telemetry = {}, readList = decodeRunList, upstreamDialect } = options;
    const forced = upstreamDialect === 'auto' ? undefined : upstreamDialect;
    this.rest = new RestClient(options, LETTA);
    this.telemetry = telemetry;
    this.#readList = readList;
    this.maxBytes = options.maxBytes;
    this.flights = this.createFlights();
    this.report = (kind, value) => telemetry.drift?.(kind, value);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The keys of a constant.
    const kinds = Object.keys(LIST_PAGES) as ListKind[];
    const sizes = kinds.map((list) => {
      const onChange = (size: number) => telemetry.pageSize?.(list, size);
      return [list, new PageSizes(LIST_PAGES[list], { onChange })] as const;
    });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- There is one for each kind.
    this.sizes = Object.fromEntries(sizes) as Record<ListKind, PageSizes>;
    if (forced !== undefined) telemetry.dialect?.(forced);
    this.dialect = createDialectState({ forced, onChange: (dialect) => telemetry.dialect?.(dialect) });
  }

  stateOf(list: Pick<ListDefinition<never>, 'dialect'> & { readonly name: ListKind }): ListState {
    const { name, dialect } = list;
    return getOrCompute(this.#lists, name, () => ({
      dialect: dialect === undefined ? this.dialect : createDialectState(dialect),
      sizes: this.sizes[name],
      failedCheck: (check) => this.telemetry.failedCheck?.(check),
    }));
  }

  createFlights(): Flights {
    return new SingleFlight((event) => this.telemetry.call?.(event));
  }

  /** Reads a list of runs, counts its rows, and reports drift, of copied lists once a second. @throws UpstreamError */
  readRuns(body: Body): RunList {
    const list = this.#readList(body);
    const { rows, copied, json } = list;
    this.telemetry.rows?.(copied, rows.length - copied);
    if (json !== undefined) reportRunDrift(json, this.report);
    else if (body.length <= MAX_DRIFT_BYTES && performance.now() - this.#driftReportedAt > COPIED_DRIFT_MS) {
      this.#driftReportedAt = performance.now();
      const { value } = parseBody(body);
      reportRunDrift(Array.isArray(value) ? value : [], this.report);
    }
    return list;
  }

  /** Checks that the upstream is up. Returns a function that returns its state for `/ready`. @throws UpstreamError */
  async checkHealth(): Promise<() => object> {
    const version = await this.#askVersion();
    return () => ({
      version,
      dialect: this.dialect.current,
      pageSizes: Object.fromEntries(Object.entries(this.sizes).map(([list, { current }]) => [list, current])),
    });
  }

  async #askVersion(): Promise<string | undefined> {
    const { value } = await this.rest.checkHealth(HEALTH_PATH, parseBody);
    return textIn(value, 'version');
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.rest[Symbol.asyncDispose]();
  }
}
