import { UpstreamError } from '../errors/upstream-error.ts';
import type { CallerKey } from '../upstream/credentials.ts';
import type { Log } from './log.ts';
import type { Series } from './metrics.ts';
import type { OperationRecord } from './operation-record.ts';

/** The caller that a line of the log is about. */
interface Caller {
  readonly account: CallerKey;
  /** The label of the caller's access token. */
  readonly label?: string | undefined;
}

/** A refusal, or the end of a stream or connection. */
interface Incident {
  /** An error code; `OK` if the client ended it. */
  readonly code: string;
  /** Why it happened, without texts of clients and without secrets. */
  readonly reason: string;
  readonly requestId?: string | undefined;
  /** The account of the caller. */
  readonly account?: CallerKey | undefined;
  readonly label?: string | undefined;
  /** Further fields of the line. */
  readonly details?: Readonly<Record<string, string | number | undefined>>;
}

type About = Omit<Incident, 'code' | 'reason' | 'details'>;

/** Why a client's connection was closed, as it is logged. */
const CLOSE_REASONS = {
  over_limit: { code: 'OVERLOADED', reason: 'Too many connections, or too many requests on one' },
  not_reading: { code: 'OVERLOADED', reason: 'The client reads nothing' },
} as const;
export type CloseReason = keyof typeof CLOSE_REASONS;

/** The maximum length of an operation's name. */
const MAX_NAME = 100;
/** The maximum length of a reason, which may quote the upstream. */
const MAX_REASON = 1000;

export type Journal = ReturnType<typeof createJournal>;

/** Logs and counts requests and connections of clients. */
export function createJournal(series: Series, log: Log) {
  return {
    /** Counts and logs a GraphQL request that was answered. */
    operation(record: OperationRecord, caller: Caller, milliseconds: number): void {
      const { requestId, name, code, upstreamRequests, refusal, documentHash, bytes, trace } = record;
      const { clientName: client, clientVersion, isJoined } = record;
      series.operations.inc({ code });
      series.operation_duration.observe(milliseconds / 1000);
      if (refusal !== undefined) return this.note('Refused', { code, reason: refusal, requestId, ...caller });
      const fields = {
        requestId,
        operation: name?.slice(0, MAX_NAME),
        code,
        durationMs: Math.round(milliseconds),
        upstreamRequests,
        bytes,
        caller: callerName(caller),
        documentHash,
        client,
        clientVersion,
        isJoined: isJoined || undefined,
        traceId: trace?.traceId,
      };
      log.info(fields, 'Operation');
    },
    /** Counts and logs a GraphQL request that was refused before its operation was read. */
    refused(
      { code, message: reason }: { readonly code: string; readonly message: string },
      about: About,
    ): void {
      series.requests_refused.inc({ code });
      this.note('Refused', { ...about, code, reason });
    },
    /** Counts and logs a connection that the gateway has closed. */
    connectionClosed(reason: CloseReason): void {
      series.connections_closed.inc({ reason });
      this.note('Connection closed', CLOSE_REASONS[reason]);
    },
    /** Logs a refusal, a cut-off or the end of a stream. */
    note(kind: 'Refused' | 'Stream ended' | 'Connection closed', incident: Incident): void {
      log.info(fieldsOf(incident), kind);
    },
    /**
     * Logs why a request failed; with a stack trace if the error is unexpected.
     *
     * @param isDisconnected whether the client has disconnected, which explains the error
     */
    failed(error: unknown, about: About, isDisconnected = false): void {
      const { requestId } = about;
      if (isDisconnected || (error instanceof Error && error.name === 'AbortError')) {
        log.debug({ requestId }, 'Client disconnected');
      } else if (error instanceof UpstreamError) {
        log.warn(fieldsOf({ ...about, code: error.code, reason: reasonOf(error) }), 'Upstream error');
      } else {
        log.error({ requestId, err: error }, 'Unexpected error');
      }
    },
  };
}

function fieldsOf({ code, reason, details, requestId, account, label }: Incident): object {
  return {
    requestId,
    code,
    caller: account && callerName({ account, label }),
    ...details,
    reason: reason.slice(0, MAX_REASON),
  };
}

/** The number of hexadecimal digits of a digest. */
const DIGEST_LENGTH = 10;

/** Returns the name of a caller in the log: the label of its access token, or the beginning of a digest. */
function callerName({ label, account }: Caller): string {
  return label ?? account.slice(0, DIGEST_LENGTH);
}

/** The message of an error, with that of its cause if it doesn't quote it. */
function reasonOf({ message, cause }: Error): string {
  const isQuoted = !(cause instanceof Error) || message.includes(cause.message);
  return isQuoted ? message : `${message}: ${cause.message}`;
}
