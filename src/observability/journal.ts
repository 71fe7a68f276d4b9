import { hash } from 'node:crypto';
import { UpstreamError } from '../errors/upstream-error.ts';
import type { CallerKey } from '../upstream/credentials.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { OperationRecord } from './operation-record.ts';

/** What is logged about the end of something, or a refusal. */
interface Incident {
  /** An error code; `OK` for what ended as its client wanted. */
  readonly code: string;
  /** Why: nothing that clients sent, and no secrets. It is truncated where the line would get too long. */
  readonly reason: string;
  readonly requestId?: string | undefined;
  /** Who caused it; the line has a digest. */
  readonly account?: CallerKey | undefined;
}

type About = Omit<Incident, 'code' | 'reason'>;
type IncidentKind = 'Refused' | 'Stream ended' | 'Connection closed';

/** Writes the lines about what clients do. However many requests fail, the lines about them are few and short. */
export interface Journal {
  /** Counts and logs a GraphQL request that was answered. */
  operation(record: OperationRecord, account: CallerKey, milliseconds: number): void;
  /** Counts and logs a GraphQL request that was refused before its operation was read. */
  refused(refusal: { readonly code: string; readonly message: string }, about: About): void;
  /** Logs a refusal, a cut-off or the end of a stream. */
  note(kind: IncidentKind, incident: Incident): void;
  /**
   * Logs why a request failed: with a stack trace if that is not expected.
   *
   * @param isDisconnected whether the client has disconnected, which explains the error
   */
  failed(error: unknown, about: About, isDisconnected?: boolean): void;
}

export interface JournalOptions {
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'operation' | 'requestRefused'>;
  /** The share of lines with the code `OK` that are logged. @default 1 */
  readonly sample?: number | undefined;
  /** @default Math.random */
  readonly random?: () => number;
}

/** Bytes of what is logged about an incident. Level, time, process, host and message take up to 150 more. */
const MAX_FIELD_BYTES = 240;
/** Characters of the name of an operation. */
const MAX_NAME = 100;
/** Characters of what caused an error, where the error doesn't say it. */
const MAX_CAUSE = 32;
/** Hexadecimal digits of the digest that stands for a caller. */
const LABEL_LENGTH = 10;

export function createJournal({ log, metrics, sample = 1, random = Math.random }: JournalOptions): Journal {
  const isChosen = (): boolean => sample >= 1 || random() < sample;
  const hasRoom = createLineBudget((message, fields) => log.info(fields, message));

  return {
    operation({ requestId, name, code, upstreamRequests, refusal }, account, milliseconds) {
      metrics.operation(code, milliseconds);
      if (refusal !== undefined) return this.note('Refused', { code, reason: refusal, requestId, account });
      if (code === 'OK' ? !isChosen() : !hasRoom('Operation', code, account)) return;
      const operation = name?.slice(0, MAX_NAME);
      const durationMs = Math.round(milliseconds);
      log.info({ requestId, operation, code, durationMs, upstreamRequests }, 'Operation');
    },
    refused({ code, message: reason }, about) {
      metrics.requestRefused(code);
      this.note('Refused', { code, reason, ...about });
    },
    note(kind, { code, reason, requestId, account }) {
      if (code === 'OK' ? !isChosen() : !hasRoom(kind, code, account)) return;
      const fields = { requestId, code, caller: labelOf(account) };
      log.info({ ...fields, reason: fitting(reason, fields) }, kind);
    },
    failed(error, { requestId, account }, isDisconnected = false) {
      if (isDisconnected || (error instanceof Error && error.name === 'AbortError')) {
        log.debug({ requestId }, 'Client disconnected');
      } else if (!(error instanceof UpstreamError)) {
        if (!hasRoom('Unexpected error', 'INTERNAL_SERVER_ERROR', account)) return;
        log.error({ requestId, err: error }, 'Unexpected error');
      } else if (hasRoom('Upstream error', error.code, account)) {
        const fields = { requestId, code: error.code, caller: labelOf(account) };
        const { message, cause } = error;
        const isTold = !(cause instanceof Error) || message.includes(cause.message);
        const text = isTold ? message : `${message}: ${shortened(cause.message, MAX_CAUSE)}`;
        // What pino writes of an error besides.
        const err = withoutStack(error, fitting(text, { ...fields, type: 'Error', stack: '' }));
        log.warn({ ...fields, err }, 'Upstream error');
      }
    },
  };
}

function labelOf(account: CallerKey | undefined): string | undefined {
  return account === undefined ? undefined : hash('sha256', account).slice(0, LABEL_LENGTH);
}

/** Where an expected error was made says nothing, and why is in its message. */
function withoutStack({ name, cause }: Error, message: string): Error {
  const own = cause instanceof Error ? { name: cause.name } : undefined;
  return Object.defineProperties(new Error(message), {
    name: { value: name },
    stack: { value: undefined },
    cause: { value: own },
  });
}

/** Returns as much of a text as fits into a line beside other fields. */
function fitting(text: string, others: object): string {
  const bytesOf = (cut: string): number => Buffer.byteLength(JSON.stringify({ ...others, reason: cut }));
  let length = Math.min(text.length, MAX_FIELD_BYTES);
  while (length > 0 && bytesOf(shortened(text, length)) > MAX_FIELD_BYTES) length -= 8;
  return shortened(text, Math.max(length, 0));
}

/** Leaves out what follows the first quarter of a text: the end of a failure says most, such as what was answered. */
function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  const start = Math.floor(length / 4);
  return `${text.slice(0, start)}…${text.slice(text.length - (length - start))}`;
}

const SECOND_MS = 1_000;
/** Lines in a second with the same message: of one caller with the same code, and of all. */
const MAX_LINES = { ofOne: 20, ofAll: 200 };

/**
 * Decides which lines are written, so that a caller that fails often neither fills a disk nor hides what others do: further
 * ones are counted. Written by every caller; it forgets within a second.
 *
 * @param tell receives how many lines with a code were left out in the second that is over
 * @returns whether a line is to be written
 */
function createLineBudget(
  tell: (message: string, fields: { readonly code: string; readonly more: number }) => void,
): (message: string, code: string, account: CallerKey | undefined) => boolean {
  const lines = new Map<string, number>();
  const left = new Map<string, { message: string; code: string; more: number }>();
  let timer: NodeJS.Timeout | undefined;

  const startAnew = (): void => {
    timer = undefined;
    lines.clear();
    for (const { message, ...fields } of left.values()) tell(message, fields);
    left.clear();
  };
  /** Counts one more if that is within a maximum. */
  const count = (key: string, max: number): boolean => {
    const before = lines.get(key) ?? 0;
    if (before < max) lines.set(key, before + 1);
    return before < max;
  };

  return (message, code, account) => {
    timer ??= setTimeout(startAnew, SECOND_MS).unref();
    const kind = `${message} ${code}`;
    const isOfAll = (lines.get(message) ?? 0) < MAX_LINES.ofAll;
    if (isOfAll && count(`${kind} ${account}`, MAX_LINES.ofOne)) return count(message, MAX_LINES.ofAll);
    const entry = left.get(kind) ?? { message, code, more: 0 };
    entry.more++;
    left.set(kind, entry);
    return false;
  };
}
