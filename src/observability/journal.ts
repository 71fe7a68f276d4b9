import { hash } from 'node:crypto';
import { UpstreamError } from '../errors/upstream-error.ts';
import type { CallerKey } from '../upstream/credentials.ts';
import type { Log } from './log.ts';
import type { Series } from './metrics.ts';
import type { OperationRecord } from './operation-record.ts';

/** Who caused something. */
interface Who {
  readonly account: CallerKey;
  /** The label of the caller's access token. */
  readonly label?: string | undefined;
}

/** What is logged about the end of something, or a refusal. */
interface Incident {
  /** An error code; `OK` for what ended as its client wanted. */
  readonly code: string;
  /** Why: nothing that clients sent, and no secrets. */
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

/** Writes the lines about what clients do. */
export interface Journal {
  /** Counts and logs a GraphQL request that was answered. */
  operation(record: OperationRecord, who: Who, milliseconds: number): void;
  /** Counts and logs a GraphQL request that was refused before its operation was read. */
  refused(refusal: { readonly code: string; readonly message: string }, about: About): void;
  /** Counts and logs a connection that the gateway has closed. */
  connectionClosed(reason: CloseReason): void;
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
  readonly series: Pick<
    Series,
    'operations' | 'operation_duration' | 'requests_refused' | 'connections_closed'
  >;
}

/** Why a client's connection was closed, as it is logged. */
const CLOSE_REASONS = {
  over_limit: { code: 'OVERLOADED', reason: 'Too many connections, or too many requests on one' },
  not_reading: { code: 'OVERLOADED', reason: 'The client reads nothing' },
} as const;
export type CloseReason = keyof typeof CLOSE_REASONS;

/** Characters of the name of an operation. */
const MAX_NAME = 100;
/** Characters of a reason, which may quote the upstream. */
const MAX_REASON = 1000;

export function createJournal({ log, series }: JournalOptions): Journal {
  return {
    operation(record, who, milliseconds) {
      const { requestId, name, code, upstreamRequests, refusal, documentHash, bytes, trace } = record;
      const { clientName: client, clientVersion, isJoined } = record;
      series.operations.inc({ code });
      series.operation_duration.observe(milliseconds / 1000);
      if (refusal !== undefined) return this.note('Refused', { code, reason: refusal, requestId, ...who });
      const fields = {
        requestId,
        operation: name?.slice(0, MAX_NAME),
        code,
        durationMs: Math.round(milliseconds),
        upstreamRequests,
        bytes,
        caller: callerName(who),
        documentHash,
        client,
        clientVersion,
        isJoined: isJoined || undefined,
        traceId: trace?.traceId,
      };
      log.info(fields, 'Operation');
    },
    refused({ code, message: reason }, about) {
      series.requests_refused.inc({ code });
      this.note('Refused', { ...about, code, reason });
    },
    connectionClosed(reason) {
      series.connections_closed.inc({ reason });
      this.note('Connection closed', CLOSE_REASONS[reason]);
    },
    note(kind, incident) {
      log.info(fieldsOf(incident), kind);
    },
    failed(error, about, isDisconnected = false) {
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

/** Hexadecimal digits of a digest. */
const DIGEST_LENGTH = 10;
/** The digests of callers, as long as their credentials are known: those of a connection ask again and again. */
const digests = new WeakMap<Who, string>();

/** Names a caller in the log: by the label of an access token, or by a digest. */
function callerName(who: Who): string {
  if (who.label !== undefined) return who.label;
  const digest = digests.get(who) ?? hash('sha256', who.account).slice(0, DIGEST_LENGTH);
  digests.set(who, digest);
  return digest;
}

/** The message of an error, with that of its cause if it doesn't quote it. */
function reasonOf({ message, cause }: Error): string {
  const isQuoted = !(cause instanceof Error) || message.includes(cause.message);
  return isQuoted ? message : `${message}: ${cause.message}`;
}
