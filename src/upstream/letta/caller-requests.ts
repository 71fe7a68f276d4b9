import { GatewayError } from '../../errors/gateway-error.ts';
import { UpstreamError } from '../../errors/upstream-error.ts';
import { parseJson } from '../../json/parse-json.ts';
import type { Body } from '../../wire/body.ts';
import type { ReportDrift } from '../../wire/drift.ts';
import type { RunList } from '../../wire/run-list.ts';
import type { UpstreamCaller } from '../credentials.ts';
import type { CallerHeaders } from '../http/caller-headers.ts';
import { FairQueue } from '../http/fair-queue.ts';
import type { PostOutcome } from '../http/rest-client.ts';
import type { GetOptions, RestClient } from '../http/rest-client.ts';
import type { SingleFlight } from '../http/single-flight.ts';
import { UpstreamCall, type UpstreamTrace } from '../upstream-call.ts';
import { HeldResponses, readSized, type Sized } from './held-responses.ts';

/** Identical requests in flight. */
export interface Flights {
  readonly lists: SingleFlight<Sized<RunList>>;
  readonly lookUps: SingleFlight<Sized<unknown> | undefined>;
}

/** What the requests of all callers of one upstream share. */
export interface SharedRequests {
  readonly rest: RestClient;
  readonly report: ReportDrift;
  readonly flights: Flights;
  readonly createFlights: () => Flights;
  /** Bytes of the largest response. */
  readonly maxBytes: number;
  readonly readRuns: (body: Body) => Sized<RunList>;
  readonly countRows: (list: RunList) => void;
}

export interface Caller extends UpstreamCaller {
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
  /** Called for each request that is started or joined for this caller, which is recorded there as it goes on. */
  readonly onRequest?: (call: UpstreamCall) => void;
  /** The trace that its requests belong to. It is part of no key. */
  readonly trace?: UpstreamTrace | undefined;
}

/** Requests for lists, and look-ups, that one caller has in flight, or that wait for a permit. */
const LISTS = { permits: 16, capacity: Infinity, share: Infinity };
const LOOK_UPS = { ...LISTS, permits: 32 };
/** What an operation may look up in all, as a multiple of the largest response. */
const MAX_HELD_RESPONSES = 4;

/** The requests of one caller: each in its turn, together with those that are identical, and within what may be held. */
export class CallerRequests {
  readonly #shared: SharedRequests;
  readonly #caller: Caller;
  readonly #headers: CallerHeaders;
  readonly #flights: Flights;
  readonly #held: HeldResponses;
  /** Keeps an operation with very many pages or runs from starving others of the same caller. */
  readonly #lists = new FairQueue(LISTS);
  readonly #lookUps = new FairQueue(LOOK_UPS);

  constructor(shared: SharedRequests, caller: Caller) {
    const { callerKey, account, headers, requestId, trace, isOneOperation, changesRuns } = caller;
    this.#shared = shared;
    this.#caller = caller;
    this.#headers = { callerKey, account, headers, requestId, trace };
    this.#flights = changesRuns === true ? shared.createFlights() : shared.flights;
    this.#held = new HeldResponses(isOneOperation === true ? shared.maxBytes * MAX_HELD_RESPONSES : Infinity);
  }

  /**
   * Returns a list of runs.
   *
   * @throws UpstreamError
   */
  list(path: string, options?: GetOptions): Promise<RunList> {
    const { callerKey, signal } = this.#caller;
    const record = this.#record(path);
    const get = async (call: AbortController): Promise<Sized<RunList>> => {
      const list = await this.#get(path, this.#shared.readRuns, call, record, options);
      if (list === undefined) {
        throw new UpstreamError('UPSTREAM_REJECTED', 'The list endpoint answered 404', { status: 404 });
      }
      this.#shared.countRows(list.value);
      list.value.reportDrift(this.#shared.report);
      return list;
    };
    const run = async (): Promise<RunList> => {
      const list = await this.#join(this.#flights.lists, path, get, record);
      if (record !== undefined) record.rows = list.value.page.length;
      return list.value;
    };
    return this.#lists.run(callerKey, signal, run);
  }

  /** Returns what is read from the JSON of an answer, which is undefined for a 404. @throws UpstreamError */
  lookUp<T>(path: string, read: (json: unknown) => T, options?: GetOptions): Promise<T> {
    const { callerKey, signal } = this.#caller;
    const run = async (): Promise<T> => {
      this.#held.check();
      const record = this.#record(path);
      const get = (call: AbortController) => this.#get(path, readSized, call, record, options);
      const answer = await this.#join(this.#flights.lookUps, path, get, record);
      if (record !== undefined && Array.isArray(answer?.value)) record.rows = answer.value.length;
      return read(answer && this.#held.hold(answer));
    };
    return this.#lookUps.run(callerKey, signal, run);
  }

  /** Sends JSON, at most once. */
  post(path: string, body: object): Promise<PostOutcome> {
    const { callerKey, signal } = this.#caller;
    const record = this.#record(path, 'POST');
    const text = JSON.stringify(body);
    const post = async (): Promise<PostOutcome> => {
      const outcome = await this.#shared.rest.post(path, this.#headers, text, readJson, signal, record);
      record?.end(outcome.error?.code ?? 'OK', outcome.error === undefined ? 200 : outcome.error.status);
      return outcome;
    };
    return this.#lookUps.run(callerKey, signal, post);
  }

  #record(path: string, method: 'GET' | 'POST' = 'GET'): UpstreamCall | undefined {
    const { onRequest } = this.#caller;
    if (onRequest === undefined) return undefined;
    const record = new UpstreamCall(method, path);
    onRequest(record);
    return record;
  }

  /** Starts a request, or joins an identical one in flight, and records how it ends. */
  async #join<Answer extends Sized<unknown> | undefined>(
    flights: SingleFlight<Answer>,
    path: string,
    get: (call: AbortController) => Promise<Answer>,
    record: UpstreamCall | undefined,
  ): Promise<Answer> {
    const { callerKey, signal, trace } = this.#caller;
    let hasStarted = false;
    const start = (call: AbortController): Promise<Answer> => {
      hasStarted = true;
      return get(call);
    };
    const flight = flights.run(callerKey + path, start, signal);
    if (record === undefined) return flight;
    record.joined = !hasStarted;
    try {
      const answer = await flight;
      record.end(answer === undefined ? 'NOT_FOUND' : 'OK', answer === undefined ? 404 : 200);
      if (record.joined && answer?.span !== undefined) trace?.link?.(answer.span);
      return answer;
    } catch (error) {
      const code = error instanceof GatewayError ? error.code : 'ABORTED';
      record.end(code, error instanceof UpstreamError ? error.status : undefined);
      throw error;
    }
  }

  async #get<T extends Sized<unknown>>(
    path: string,
    read: (body: Body) => T,
    call: AbortController,
    record: UpstreamCall | undefined,
    options: GetOptions | undefined,
  ): Promise<T | undefined> {
    const answer = await this.#shared.rest.get(path, this.#headers, read, call, {
      ...options,
      record,
    });
    const span = record?.span;
    return answer && span !== undefined ? { ...answer, span } : answer;
  }
}

export function readJson(body: Body): unknown {
  return parseJson(body.toString('utf8'));
}
