import type { ExecutionResult } from 'graphql';
import { getSSEProcessor, isAsyncIterable } from 'graphql-yoga';
import type { GatewayPlugin } from '../access/gateway-request.ts';
import { sentBytes } from '../operations/text-result.ts';
import { type Bytes, rawResponse } from './raw-response.ts';

type Chunk = IteratorResult<Bytes, undefined>;

/** Milliseconds between comments, by which clients and proxies know that the connection is alive. */
const COMMENT_MS = 12_000;
const COMMENT = { done: false, value: Buffer.from(':\n\n') } as const;
const COMPLETE = { done: false, value: Buffer.from('event: complete\ndata:\n\n') } as const;
const DONE = { done: true, value: undefined } as const;
const HEADERS = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' };

/** Encoded events by the bytes of their results: subscriptions that share a result share its event. */
const events = new WeakMap<Bytes, Bytes>();

/** Results as server-sent events. Comments come first, for clients that wait for bytes, and while there is no result. */
class EventStream implements AsyncIterableIterator<Bytes, undefined> {
  readonly #results: AsyncIterator<ExecutionResult>;
  #comments: NodeJS.Timeout | undefined;
  #isReading = false;
  #hasEnded = false;
  /** A chunk that arrived while the client was reading a comment. */
  #early: Promise<Chunk> | undefined;
  #waiting: PromiseWithResolvers<Chunk> | undefined;

  constructor(results: AsyncIterable<ExecutionResult>) {
    this.#results = results[Symbol.asyncIterator]();
  }

  async next(): Promise<Chunk> {
    if (this.#comments === undefined) {
      this.#comments = setInterval(() => this.#deliver(COMMENT), COMMENT_MS);
      return COMMENT;
    }
    const early = this.#early;
    this.#early = undefined;
    if (early !== undefined) return early;
    if (this.#hasEnded) return DONE;
    this.#waiting = Promise.withResolvers();
    const { promise } = this.#waiting;
    if (!this.#isReading) this.#read();
    return promise;
  }

  async return(): Promise<Chunk> {
    this.#end();
    this.#deliver(DONE);
    await this.#results.return?.();
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #read(): void {
    this.#isReading = true;
    const chunk = this.#results.next().then(({ done, value }) => {
      if (done !== true) return { done: false, value: eventOf(sentBytes(value)) } as const;
      this.#end();
      return COMPLETE;
    });
    const come = (): void => {
      this.#isReading = false;
      if (!this.#deliver(chunk)) this.#early = chunk;
    };
    chunk.then(come, come);
  }

  /** @returns whether the client was waiting */
  #deliver(chunk: Chunk | Promise<Chunk>): boolean {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve(chunk);
    return waiting !== undefined;
  }

  #end(): void {
    this.#hasEnded = true;
    clearInterval(this.#comments);
  }
}

function eventOf(json: Bytes): Bytes {
  const event =
    events.get(json) ?? Buffer.concat([Buffer.from('event: next\ndata: '), json, Buffer.from('\n\n')]);
  events.set(json, event);
  return event;
}

/** Sends the results of subscriptions as server-sent events, unless a plugin after this one sends them in another form. */
export function useEventStream(): GatewayPlugin {
  const sendSingle = getSSEProcessor();
  return {
    onResultProcess({ result, resultProcessor, serverContext, setResultProcessor }) {
      const isSubscription = serverContext.gateway?.record.type === 'subscription';
      if (!isSubscription || resultProcessor === undefined || !isAsyncIterable(result)) return;
      setResultProcessor((results, fetchAPI, type) => {
        // A plugin may have replaced the results by one.
        if (!isAsyncIterable(results)) return sendSingle(results, fetchAPI, type);
        return rawResponse(fetchAPI, new EventStream(results), 200, HEADERS);
      }, 'text/event-stream');
    },
  };
}
