import type { Dispatcher } from 'undici';
import { heldTooMuch } from '../../errors/gateway-error.ts';
import type { HeldMemory } from '../../scheduling/held-memory.ts';
import { type Body, Chunks } from '../body-chunks.ts';

export interface ExchangeRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Cancels the request at once, and closes its connection. */
  readonly signal: AbortSignal;
  /** The JSON of a POST; without it the request is a GET. */
  readonly body?: string;
  /** Called right before the first byte is sent; after it, the request may have been received. */
  readonly onSend?: () => void;
  /** The body is read up to this text; then the rest of it is left, and the connection closed. */
  readonly until?: string | undefined;
  /** Counts the body as it comes. @default not counted */
  readonly memory?: HeldMemory | undefined;
}

/** A response with any status. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Body;
}

/**
 * Sends one request, and resolves when its body has arrived, as far as `until`. By `dispatch`: `request` makes a stream
 * of the body, which takes two thirds more CPU time for a small response, and copies a large one.
 *
 * @throws the signal's reason as soon as it aborts; undici's errors; GatewayError `OVERLOADED` beyond limits of memory
 */
export function exchange(dispatcher: Dispatcher, request: ExchangeRequest): Promise<HttpResponse> {
  const { path, headers, signal, body = null, onSend, until, memory } = request;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const chunks = new Chunks();
    let head: Omit<HttpResponse, 'body'> | undefined;
    let controller: Dispatcher.DispatchController | undefined;
    const onAbort = (): void => {
      controller?.abort(signal.reason);
      reject(signal.reason);
    };
    const stop = (): void => signal.removeEventListener('abort', onAbort);
    const finish = (): void => {
      stop();
      if (head !== undefined) resolve({ ...head, body: chunks.body() });
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(started) {
        controller = started;
        if (signal.aborted) started.abort(signal.reason);
        else onSend?.();
      },
      onResponseStart(_controller, status, received) {
        // 1xx responses are informational; the final response follows.
        if (status >= 200) head = { status, headers: received };
      },
      onResponseData(_controller, chunk) {
        chunks.add(chunk);
        if (memory?.set(chunks.length) === false) return controller?.abort(heldTooMuch());
        if (until === undefined) return;
        // The text may have begun in the previous chunk.
        const start = Math.max(0, chunks.length - chunk.length - until.length + 1);
        if (!chunks.body().subarray(start).includes(until)) return;
        finish();
        controller?.abort(new Error('The rest of the body is not read'));
      },
      onResponseEnd: finish,
      onResponseError(_controller, error) {
        stop();
        reject(error);
      },
    };
    const isGet = body === null;
    const sent = isGet ? headers : { ...headers, 'content-type': 'application/json' };
    dispatcher.dispatch({ path, body, method: isGet ? 'GET' : 'POST', headers: sent }, handler);
  });
}
