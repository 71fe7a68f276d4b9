import type { sendOperation, SentOperation } from '../http/websockets/operations.ts';
import { parseInputJson } from '../json/parse-json.ts';

/** Sends an operation of a tool the way of every operation. */
export type Send = (operation: SentOperation, over: AbortController) => ReturnType<typeof sendOperation>;

/** A result of an operation, as its client would parse it. */
export interface OperationResult {
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: string; readonly retryAfterSeconds?: number };
  }[];
}

/** Whose operations the tools execute. */
export interface Caller {
  /** Whether there are tools that change something. */
  readonly mayWrite: boolean;
  /** The address of a run's page, or the pattern of all; null where none are served. */
  readonly pageOf: (runId?: string) => string | null;
  /** Logs an error that is none of the caller's. */
  readonly failed: (error: unknown) => void;
  /** Executes an operation of the caller: one result, or those of a subscription until it or the signal ends. */
  readonly execute: (query: string, variables: object, signal: AbortSignal) => AsyncIterable<OperationResult>;
}

/** Executes an operation, until it or the signal ends. */
export async function* executeOperation(
  send: Send,
  operation: SentOperation,
  signal: AbortSignal,
): AsyncGenerator<OperationResult> {
  const over = new AbortController();
  const end = (): void => over.abort();
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  try {
    const { taken, response } = await send(operation, over);
    if (taken === undefined) return yield resultOf(await response.text());
    const [results, textOf] = taken;
    for await (const result of results) yield resultOf(Buffer.from(textOf(result)).toString());
  } finally {
    signal.removeEventListener('abort', end);
    end();
  }
}

function resultOf(text: string): OperationResult {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- What the gateway has written.
  return parseInputJson(text) as OperationResult;
}
