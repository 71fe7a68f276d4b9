import type { Dispatcher } from 'undici';
import { type Body, BodyBuilder } from '../../wire/body.ts';

/** What came back for a request, whatever its status. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Body;
}

/**
 * One GET, answered when its body has arrived. By undici's own events: a stream and an abort signal
 * for each request took longer than all the rest of a small answer.
 *
 * @throws the signal's reason as soon as it aborts; undici's errors
 */
export function exchange(
  dispatcher: Dispatcher,
  path: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    let controller: Dispatcher.DispatchController | undefined;
    let head: Omit<Answer, 'body'> | undefined;
    const body = new BodyBuilder();
    const leave = (): void => {
      controller?.abort(signal.reason);
      reject(signal.reason);
    };
    signal.addEventListener('abort', leave, { once: true });
    dispatcher.dispatch(
      { path, method: 'GET', headers },
      {
        onRequestStart(started) {
          controller = started;
          if (signal.aborted) started.abort(signal.reason);
        },
        onResponseStart(_controller, status, answered) {
          // Those below 200 only announce another one.
          if (status >= 200) head = { status, headers: answered };
        },
        onResponseData(_controller, piece) {
          body.add(piece);
        },
        onResponseEnd() {
          signal.removeEventListener('abort', leave);
          if (head !== undefined) resolve({ ...head, body: body.finish() });
        },
        onResponseError(_controller, error) {
          signal.removeEventListener('abort', leave);
          reject(error);
        },
      },
    );
  });
}
