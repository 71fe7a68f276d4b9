import type { Dispatcher } from 'undici';
import { type Body, BodyBuilder } from '../../wire/body.ts';

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
 * @param onBytes called with the bytes of the response as they arrive
 * @throws the signal's reason as soon as it aborts; undici's errors
 */
export function exchange(
  dispatcher: Dispatcher,
  path: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  posted?: Posted,
  onBytes?: (bytes: number) => void,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    let controller: Dispatcher.DispatchController | undefined;
    let head: Omit<Answer, 'body'> | undefined;
    const body = new BodyBuilder();
    const onAbort = (): void => {
      controller?.abort(signal.reason);
      reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    dispatcher.dispatch(
      posted === undefined
        ? { path, method: 'GET', headers }
        : { path, method: 'POST', headers, body: posted.body },
      {
        onRequestStart(started) {
          controller = started;
          if (signal.aborted) started.abort(signal.reason);
          else posted?.onSend();
        },
        onResponseStart(_controller, status, answered) {
          // 1xx responses are informational; the final response follows.
          if (status >= 200) head = { status, headers: answered };
        },
        onResponseData(_controller, chunk) {
          body.add(chunk);
          onBytes?.(chunk.length);
        },
        onResponseEnd() {
          signal.removeEventListener('abort', onAbort);
          if (head !== undefined) resolve({ ...head, body: body.finish() });
        },
        onResponseError(_controller, error) {
          signal.removeEventListener('abort', onAbort);
          reject(error);
        },
      },
    );
  });
}
