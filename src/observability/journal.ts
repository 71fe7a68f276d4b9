import { UpstreamError } from '../errors/upstream-error.ts';
import type { CallerKey } from '../upstream/credentials.ts';
import { createCallerNames, type Who } from './caller-names.ts';
import { type Incidents, operationOf } from './incidents.ts';
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
  /** Who caused it. */
  readonly account?: CallerKey | undefined;
  readonly label?: string | undefined;
  /** Further fields of the line. */
  readonly details?: Readonly<Record<string, string | number | undefined>>;
}

type About = Omit<Incident, 'code' | 'reason' | 'details'>;
type IncidentKind = 'Refused' | 'Stream ended' | 'Connection closed';

/** Writes the lines about what clients do. However many requests fail, the lines about them are few and short. */
export interface Journal {
  /** Counts and logs a GraphQL request that was answered, and remembers it if it failed or was slow. */
  operation(record: OperationRecord, who: Who, milliseconds: number): void;
  /** Counts and logs a GraphQL request that was refused before its operation was read. */
  refused(refusal: { readonly code: string; readonly message: string }, about: About): void;
  /** Counts an upstream request for subscriptions. */
  polled(): void;
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
  readonly metrics: Pick<Metrics, 'operation' | 'polled' | 'requestRefused'>;
  /** Remembers what went wrong. @default nothing is remembered */
  readonly incidents?: Pick<Incidents, 'add' | 'offer'> | undefined;
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

export function createJournal(options: JournalOptions): Journal {
  const { log, metrics, incidents, sample = 1, random = Math.random } = options;
  const isChosen = (): boolean => sample >= 1 || random() < sample;
  const hasRoom = createLineBudget((message, fields) => log.info(fields, message));
  const nameOf = createCallerNames();
  const callerOf = ({ account, label }: About): string | undefined =>
    account === undefined ? undefined : nameOf({ account, label });
  const remember = (kind: string, code: string, why: string, about: About): void =>
    incidents?.add({ kind, code, why, requestId: about.requestId, caller: callerOf(about), ms: undefined });
  const writeIncident = (kind: string, { code, reason, details, ...about }: Incident): void => {
    const { requestId, account } = about;
    if (!hasRoom(kind, code, account)) return;
    const fields = { requestId, code, caller: callerOf(about), ...details };
    log.info({ ...fields, reason: fitting(reason, fields) }, kind);
  };

  return {
    operation(record, who, milliseconds) {
      const { requestId, name, code, upstreamRequests, refusal, documentHash, bytes, trace } = record;
      const caller = nameOf(who);
      metrics.operation(record, { caller, isLabelled: who.label !== undefined }, milliseconds);
      const incident = () => {
        const operation = operationOf(record);
        return { kind: 'Operation', code, why: refusal, requestId, caller, ms: milliseconds, operation };
      };
      if (code === 'OK') incidents?.offer(caller, milliseconds, incident);
      else incidents?.add(incident());
      const { account, label } = who;
      if (refusal !== undefined) {
        return writeIncident('Refused', { code, reason: refusal, requestId, account, label });
      }
      if (code === 'OK' ? !isChosen() : !hasRoom('Operation', code, account)) return;
      const { clientName: client, clientVersion, isJoined } = record;
      const fields = {
        requestId,
        operation: name?.slice(0, MAX_NAME),
        code,
        durationMs: Math.round(milliseconds),
        upstreamRequests,
        bytes,
        caller,
        documentHash,
        client,
        clientVersion,
        isJoined: isJoined || undefined,
        traceId: trace?.traceId,
      };
      log.info(fields, 'Operation');
    },
    polled: () => metrics.polled(),
    refused({ code, message: reason }, about) {
      metrics.requestRefused(code);
      this.note('Refused', { code, reason, ...about });
    },
    note(kind, incident) {
      const { code, reason } = incident;
      if (code !== 'OK') remember(kind, code, reason, incident);
      writeIncident(kind, incident);
    },
    failed(error, about, isDisconnected = false) {
      const { requestId, account } = about;
      if (isDisconnected || (error instanceof Error && error.name === 'AbortError')) {
        log.debug({ requestId }, 'Client disconnected');
        return;
      }
      if (!(error instanceof UpstreamError)) {
        const code = 'INTERNAL_SERVER_ERROR';
        remember('Unexpected error', code, String(error), about);
        if (hasRoom('Unexpected error', code, account))
          log.error({ requestId, err: error }, 'Unexpected error');
        return;
      }
      const { message, cause, code } = error;
      const isTold = !(cause instanceof Error) || message.includes(cause.message);
      const text = isTold ? message : `${message}: ${shortened(cause.message, MAX_CAUSE)}`;
      remember('Upstream error', code, text, about);
      if (!hasRoom('Upstream error', code, account)) return;
      const fields = { requestId, code, caller: callerOf(about) };
      // What pino writes of an error besides.
      const err = withoutStack(error, fitting(text, { ...fields, type: 'Error', stack: '' }));
      log.warn({ ...fields, err }, 'Upstream error');
    },
  };
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
