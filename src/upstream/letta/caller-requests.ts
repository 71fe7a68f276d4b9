import { GatewayError, heldTooMuch, UnsupportedError } from '../../errors/gateway-error.ts';
import { UpstreamError } from '../../errors/upstream-error.ts';
import type { Items } from '../../runs/runs-source.ts';
import { FairQueue } from '../../scheduling/fair-queue.ts';
import type { HeldMemory } from '../../scheduling/held-memory.ts';
import type { Body } from '../body-chunks.ts';
import type { Read } from '../http/attempt.ts';
import type { RequestSender } from '../http/request-headers.ts';
import type { PostOutcome } from '../http/rest-client.ts';
import { routeOf, type UpstreamCall } from '../trace.ts';
import type { RunList } from './decode/decode-runs.ts';
import { parseBody } from './decode/parse-body.ts';
import { at, type Endpoint, ITEMS } from './endpoints.ts';
import type { Flights, HeldResponse, SharedUpstream } from './shared-upstream.ts';

export interface Caller extends RequestSender {
  /** Aborts when the caller has disconnected. */
  readonly signal: AbortSignal;
  /**
   * Whether reads join no request in flight, which may have begun before the caller changed something.
   *
   * @default false
   */
  readonly changesRuns?: boolean;
  /** Called for each request that is started or joined for this caller. */
  readonly onRequest?: () => void;
  /** Also counts the responses until the operation or poll is over. @default not counted */
  readonly memory?: HeldMemory | undefined;
}

/** Look-ups of one operation at a time, so that its caller's other operations don't starve. A list of runs counts as two. */
const AT_ONCE = { permits: 32, capacity: Infinity, maxTimesFree: Infinity };
const PERMITS_OF_LIST = 2;
/** The most bytes that an operation may look up, as a multiple of the largest response. */
const MAX_HELD_RESPONSES = 4;

/** The requests of one operation or poll, queued, and coalesced with identical requests in flight. */
export class CallerRequests {
  readonly #shared: SharedUpstream;
  readonly #caller: Caller;
  readonly #flights: Flights;
  readonly #queue = new FairQueue(AT_ONCE);
  /** Bytes of the looked-up responses, which are held until the operation has been answered. */
  #heldBytes = 0;

  constructor(shared: SharedUpstream, caller: Caller) {
    const { changesRuns = false } = caller;
    this.#shared = shared;
    this.#caller = caller;
    this.#flights = changesRuns ? shared.createFlights() : shared.flights;
  }

  /** Returns a list of runs. @throws UpstreamError */
  async listRuns(request: Endpoint): Promise<RunList> {
    const read: Read<RunList> = (body) => this.#shared.readRuns(body);
    const { account, signal } = this.#caller;
    const share = () => this.#share(request, read);
    const list = await this.#queue.enqueue(account, signal, share, PERMITS_OF_LIST);
    this.#count(list.bytes);
    return list;
  }

  /** Returns the JSON of a response. @throws UpstreamError, UnsupportedError */
  lookUp(request: Endpoint): Promise<unknown> {
    const { account, signal } = this.#caller;
    return this.#queue.enqueue(account, signal, async () => {
      this.#checkHeldBytes();
      const { value, bytes } = await this.#share(request, parseBody).catch((error: unknown) => {
        const isMissing = request.mayBeMissing && error instanceof UpstreamError && error.lacksRoute;
        if (!isMissing) throw error;
        throw new UnsupportedError(`The runs API has no GET ${routeOf(request.path)}. It may be too old.`);
      });
      this.#heldBytes += bytes;
      this.#checkHeldBytes();
      this.#count(bytes);
      return value;
    });
  }

  /** Returns the rows of another list. @throws UpstreamError, with status 404 if there is no such list or cursor */
  async list(request: Endpoint): Promise<readonly unknown[]> {
    const json = await this.lookUp(request);
    if (Array.isArray(json)) return json;
    throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', `Expected a list of GET /${request.path}`);
  }

  /** Looks an object up; null if there is none with this id. @throws UpstreamError */
  async retrieve<Name extends keyof Items>(name: Name, id: string): Promise<Items[Name] | null> {
    const endpoint: (typeof ITEMS)[Name] = ITEMS[name];
    const { decode, reportDrift, absent = [] } = endpoint;
    const json = await this.lookUp(at(endpoint, id)).catch((error: unknown) => {
      // Every release has the route of a run: another 404, as of a proxy while the API restarts, is about no run.
      const isOfRoute = name === 'run' && error instanceof UpstreamError && error.lacksRoute;
      const isOfId = error instanceof UpstreamError && error.refusedParameters.length === 0 && !isOfRoute;
      if (isOfId && [404, ...absent].includes(error.status ?? 0)) return undefined;
      throw error;
    });
    if (json === undefined) return null;
    const item = decode(json, null);
    if ('id' in item && item.id !== id) {
      throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', `Expected ${id}, but got ${item.id}`);
    }
    reportDrift?.([json], this.#shared.report);
    return item;
  }

  /** Sends JSON, at most once. @param until the response is read up to this text, and the rest of it is left */
  post<Value>(
    path: string,
    body: object,
    read: (body: Body) => Value,
    until?: string,
  ): Promise<PostOutcome<Value>> {
    const { account, callerKey, signal } = this.#caller;
    const sent = { path, body: JSON.stringify(body), until, traced: this.#callOf('POST', path) };
    const send = () => this.#shared.rest.post(sent, this.#caller, read, signal);
    return this.#queue.enqueue(account, signal, send).finally(() => this.#shared.flights.closeAll(callerKey));
  }

  /** Keeps later requests from joining those under way. */
  readAnew(): void {
    this.#flights.closeAll(this.#caller.callerKey);
  }

  /** @returns undefined unless the call is traced */
  #callOf(method: UpstreamCall['method'], path: string): UpstreamCall | undefined {
    const { onRequest, trace } = this.#caller;
    onRequest?.();
    if (trace?.startAttempt === undefined) return undefined;
    return { method, route: routeOf(path), attempts: 0 };
  }

  /** @throws GatewayError `RESPONSE_TOO_LARGE` if the operation holds more than it may */
  #checkHeldBytes(): void {
    const maxBytes = this.#shared.maxBytes * MAX_HELD_RESPONSES;
    if (this.#heldBytes <= maxBytes) return;
    const message = `The operation needs more than ${maxBytes} bytes of memory for the runs API's responses; request fewer runs at once.`;
    throw new GatewayError('RESPONSE_TOO_LARGE', message, { maxBytes });
  }

  /** @throws GatewayError `OVERLOADED` beyond the limits of memory */
  #count(bytes: number): void {
    if (this.#caller.memory?.add(bytes) === false) throw heldTooMuch();
  }

  /** Starts a request, or joins an identical one in flight. */
  #share<Held extends HeldResponse>({ path, mayFailAlone }: Endpoint, read: Read<Held>): Promise<Held> {
    const { callerKey, signal } = this.#caller;
    const request = { path, mayFailAlone, traced: this.#callOf('GET', path) };
    const start = (call: AbortController) => this.#shared.rest.get(request, this.#caller, read, call);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Each path is read in one way.
    return this.#flights.join(callerKey + path, start, signal) as ReturnType<typeof start>;
  }
}
