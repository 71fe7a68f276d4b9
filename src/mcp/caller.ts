import { addAbortListener } from 'node:events';
import type { Tool } from './tool.ts';

/** A result of an operation, as its client would parse it. */
export interface OperationResult {
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
}

/** The caller of the tools, on whose behalf operations are executed. */
export interface Caller {
  /** Whether tools that change something are offered. */
  readonly mayWrite: boolean;
  /** The address of a run's page, or the pattern of all such addresses; null if there are no pages. */
  readonly pageOf: (runId?: string) => string | null;
  /** Logs an error that the caller did not cause. */
  readonly failed: (error: unknown) => void;
  /**
   * Executes an operation of the caller until it ends; the controller aborts then.
   *
   * @param take takes each result, or the errors for which there are none
   */
  readonly execute: (
    query: string,
    variables: object,
    take: (result: OperationResult) => void,
    controller: AbortController,
  ) => Promise<void>;
}

/** Executes the document of a tool. A subscription ends when the awaited data has come, or its time is over. */
export async function lastResult(
  { document, waits }: Tool,
  variables: object,
  args: Readonly<Record<string, unknown>>,
  caller: Caller,
  signal: AbortSignal,
): Promise<OperationResult> {
  const controller = new AbortController();
  const end = (): void => controller.abort();
  using _ending = addAbortListener(signal, end);
  const timer = waits && setTimeout(end, waits.milliseconds(args));
  let last: OperationResult = {};
  const take = (result: OperationResult): void => {
    // An error without data ends the results: the last data stay.
    last = result.data === undefined ? { ...last, ...result } : result;
    if (result.data != null && waits?.hasCome(result.data) === true) end();
  };
  await caller.execute(document.text, variables, take, controller).finally(() => clearTimeout(timer));
  return last;
}
