import { UpstreamError } from '../../errors/upstream-error.ts';
import type { Body } from '../../wire/body.ts';
import type { ReportDrift } from '../../wire/drift.ts';
import { parseUpstreamJson } from '../../wire/parse-upstream-json.ts';
import type { RunList } from '../../wire/run-list.ts';
import type { UpstreamCaller } from '../credentials.ts';
import { Bulkhead } from '../http/bulkhead.ts';
import type { CallerHeaders } from '../http/caller-headers.ts';
import type { PostOutcome } from '../http/post-once.ts';
import type { GetOptions, RestClient } from '../http/rest-client.ts';
import type { SingleFlight } from '../http/single-flight.ts';
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

/** The requests of one caller: each in its turn, together with those that are identical, and within what may be held. */
export class CallerRequests {
  readonly #shared: SharedRequests;
  readonly #caller: Caller;
  readonly #headers: CallerHeaders;
  readonly #flights: Flights;
  readonly #held: HeldResponses;
  /** Keeps an operation with very many pages or runs from starving others of the same caller. */
  readonly #lists: Bulkhead;
  #lookUps: Bulkhead | undefined;

  constructor(shared: SharedRequests, caller: Caller) {
    const { callerKey, account, headers, requestId, isOneOperation, changesRuns, onHeld } = caller;
    this.#shared = shared;
    this.#caller = caller;
    this.#headers = { callerKey, account, headers, requestId };
    this.#flights = changesRuns === true ? shared.createFlights() : shared.flights;
    this.#held = new HeldResponses(
      isOneOperation === true ? shared.maxBytes * MAX_HELD_RESPONSES : Infinity,
      onHeld,
    );
    this.#lists = new Bulkhead(isOneOperation === true ? OPERATION_BULKHEAD : OWN_BULKHEAD);
  }

  /** Returns a list of runs. @throws UpstreamError */
  list(path: string, options?: GetOptions): Promise<RunList> {
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

  /** Returns what is read from the JSON of an answer, which is undefined for a 404. @throws UpstreamError */
  lookUp<T>(path: string, read: (json: unknown) => T, options?: GetOptions): Promise<T> {
    const { callerKey, signal, onRequest } = this.#caller;
    const get = (call: AbortController) => this.#get(path, readSized, call, options);
    const run = async (): Promise<T> => {
      this.#held.check();
      onRequest?.();
      const answer = await this.#flights.lookUps.run(callerKey + path, get, signal);
      return read(answer && this.#held.hold(answer));
    };
    return this.#ownLookUps().run(callerKey, run, signal);
  }

  /** Sends JSON, at most once. */
  post(path: string, body: object): Promise<PostOutcome> {
    const { callerKey, signal, onRequest } = this.#caller;
    onRequest?.();
    const text = JSON.stringify(body);
    const post = () => this.#shared.rest.post(path, this.#headers, text, readJson, signal);
    return this.#ownLookUps().run(callerKey, post, signal);
  }

  #ownLookUps(): Bulkhead {
    const { isOneOperation } = this.#caller;
    return (this.#lookUps ??= new Bulkhead({
      ...(isOneOperation === true ? OPERATION_BULKHEAD : OWN_BULKHEAD),
      // More as long as none has to wait for a permit, and as many are left as another operation may take.
      mayExceed: (inFlight) =>
        this.#shared.rest.hasRoom(this.#caller, 1 + MAX_AT_ONCE) && this.#held.hasRoom(inFlight),
    }));
  }

  /** Holds the bytes of a response while they arrive; afterwards the one that takes it holds it. */
  #get<T>(
    path: string,
    read: (body: Body) => T,
    call: AbortController,
    options?: GetOptions,
  ): Promise<T | undefined> {
    const { onHeld } = this.#caller;
    return this.#shared.rest.get(path, this.#headers, read, call, { ...options, onHeld });
  }
}

export function readJson(body: Body): unknown {
  return parseUpstreamJson(body.text());
}
