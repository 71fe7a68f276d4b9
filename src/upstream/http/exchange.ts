import type { Dispatcher } from 'undici';
import { type Body, bodyOf } from '../../wire/body.ts';

/** A response with any status. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Body;
}

/** What makes a request a POST. */
export interface Posted {
  readonly body: string;
  /** Called right before the first byte is sent; after it, the request may have been received. */
  readonly onSend: () => void;
}

/**
 * Sends one GET, or a POST, and resolves when the whole body has arrived. Uses undici's dispatch events:
 * a stream and an abort signal per request cost more than the rest of a small response.
 *
 * @throws the signal's reason as soon as it aborts; undici's errors
 */
export function exchange(
  dispatcher: Dispatcher,
  path: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  posted?: Posted,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const handler = new Exchange({ resolve, reject, signal, onSend: posted?.onSend });
    const request = {
      path,
      headers,
      method: posted === undefined ? 'GET' : 'POST',
      body: posted?.body ?? null,
    };
    dispatcher.dispatch(request, handler);
  });
}

interface ExchangeOptions {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (reason: unknown) => void;
  readonly signal: AbortSignal;
  readonly onSend: (() => void) | undefined;
}

/** Handles the events of one request, and of its signal. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #options: ExchangeOptions;
  readonly #chunks: Buffer[] = [];
  #controller: Dispatcher.DispatchController | undefined;
  #head: Omit<Answer, 'body'> | undefined;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    options.signal.addEventListener('abort', this, { once: true });
  }

  handleEvent(): void {
    const { reject, signal } = this.#options;
    this.#controller?.abort(signal.reason);
    reject(signal.reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    const { signal, onSend } = this.#options;
    this.#controller = controller;
    if (signal.aborted) controller.abort(signal.reason);
    else onSend?.();
  }

  onResponseStart(_controller: unknown, status: number, headers: Answer['headers']): void {
    // 1xx responses are informational; the final response follows.
    if (status >= 200) this.#head = { status, headers };
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const { resolve } = this.#options;
    this.#end();
    if (this.#head !== undefined) resolve({ ...this.#head, body: bodyOf(this.#chunks) });
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#end();
    this.#options.reject(error);
  }

  #end(): void {
    this.#options.signal.removeEventListener('abort', this);
  }
}
