import { type CallSummary, summarizeCalls } from './call-summary.ts';
import type { OperationRecord } from './operation-record.ts';

/** A refusal, an error, or an operation that was slow, with all that is known of it. */
export interface Incident {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** As the log names it. */
  readonly kind: string;
  readonly caller: string | undefined;
  readonly requestId: string | undefined;
  /** An error code, or `OK`. */
  readonly code: string;
  /** For the operator. */
  readonly why: string | undefined;
  readonly ms: number | undefined;
  readonly operation?: IncidentOperation | undefined;
}

interface IncidentOperation {
  readonly name: string | undefined;
  readonly type: string | undefined;
  readonly documentHash: string | undefined;
  /** The text of the document, of which only the shape is shown. */
  readonly document: string | undefined;
  readonly clientName: string | undefined;
  readonly clientVersion: string | undefined;
  readonly bytes: number;
  readonly isJoined: boolean;
  readonly upstreamRequests: number;
  readonly calls: readonly CallSummary[];
}

/** What is kept of all callers together, in bytes by estimates. */
const MAX_BYTES = 4 * 1024 * 1024;
/** Of a longer document, the hash is kept. */
const MAX_DOCUMENT = 8 * 1024;
const MAX_WHY = 1_000;
const INCIDENT_BYTES = 600;
const CALL_BYTES = 150;
/** Operations of each caller that succeeded. */
const MAX_SLOWEST = 10;
const CHECK_MS = 60_000;
/** How much is kept when room is made. */
const KEPT = 0.9;
/** Milliseconds for which incidents are remembered, as long as there is room. */
export const REMEMBERED_MS = 3_600_000;

/** What is kept of one caller. */
interface Share {
  /** Refusals and errors, the oldest first. */
  latest: Incident[];
  /** The slowest operations that succeeded, the fastest of them first. */
  slowest: Incident[];
  checkedAt: number;
}

/**
 * The refusals, errors and slowest operations of the last hour. State that outlives a request: every caller writes, each
 * into a share of its own, and where there are too many, only those go that exceed an equal part, the oldest first.
 * Requests without valid credentials have one share together. Where anyone may make up credentials, one can have many shares.
 */
export class Incidents {
  readonly #shares = new Map<string | undefined, Share>();
  readonly #now: () => number;
  #bytes = 0;

  /** @param now returns milliseconds since 1970 */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  add(incident: Omit<Incident, 'at'>): void {
    const at = this.#now();
    const kept = { ...incident, at, why: incident.why?.slice(0, MAX_WHY) };
    const share = this.#shareOf(incident.caller);
    share.latest.push(kept);
    this.#hold(kept);
  }

  /** Keeps an operation that succeeded if it is among the slowest of its caller. */
  offer(caller: string, ms: number, create: () => Omit<Incident, 'at'>): void {
    const share = this.#shares.get(caller) ?? this.#shareOf(caller);
    const [fastest] = share.slowest;
    if (share.slowest.length >= MAX_SLOWEST && fastest !== undefined && ms <= (fastest.ms ?? 0)) {
      if (this.#now() - share.checkedAt < CHECK_MS) return;
      this.#forget(share);
      if (share.slowest.length >= MAX_SLOWEST) return;
    }
    const kept = { ...create(), at: this.#now() };
    if (share.slowest.length >= MAX_SLOWEST) this.#release(share.slowest.splice(0, 1));
    const place = share.slowest.findIndex((other) => (other.ms ?? 0) > ms);
    share.slowest.splice(place === -1 ? share.slowest.length : place, 0, kept);
    this.#hold(kept);
  }

  /** Returns all that is remembered, the oldest first. */
  all(): readonly Incident[] {
    for (const share of this.#shares.values()) this.#forget(share);
    return [...this.#shares.values()]
      .flatMap(({ latest, slowest }) => [...latest, ...slowest])
      .toSorted((one, other) => one.at - other.at);
  }

  #shareOf(caller: string | undefined): Share {
    const share = this.#shares.get(caller) ?? { latest: [], slowest: [], checkedAt: this.#now() };
    // The caller who has written last is the last one.
    this.#shares.delete(caller);
    this.#shares.set(caller, share);
    return share;
  }

  #hold(incident: Incident): void {
    this.#bytes += bytesOf(incident);
    if (this.#bytes > MAX_BYTES) this.#makeRoom();
  }

  #release(incidents: readonly Incident[]): void {
    for (const incident of incidents) this.#bytes -= bytesOf(incident);
  }

  /** Forgets what is older than an hour. */
  #forget(share: Share): void {
    const now = this.#now();
    const isOld = ({ at }: Incident): boolean => now - at > REMEMBERED_MS;
    share.checkedAt = now;
    this.#release([...share.latest, ...share.slowest].filter(isOld));
    share.latest = share.latest.filter((incident) => !isOld(incident));
    share.slowest = share.slowest.filter((incident) => !isOld(incident));
  }

  /** Cuts each share down to an equal part; if there are too many shares, drops those that are oldest. */
  #makeRoom(): void {
    const part = Math.max((MAX_BYTES * KEPT) / this.#shares.size, INCIDENT_BYTES * 2);
    for (const [caller, share] of this.#shares) {
      this.#forget(share);
      let bytes = [...share.latest, ...share.slowest].reduce((sum, incident) => sum + bytesOf(incident), 0);
      while (bytes > part) {
        const gone = share.latest.shift() ?? share.slowest.shift();
        if (gone === undefined) break;
        bytes -= bytesOf(gone);
        this.#release([gone]);
      }
      if (bytes === 0) this.#shares.delete(caller);
    }
    for (const [caller, { latest, slowest }] of this.#shares) {
      if (this.#bytes <= MAX_BYTES * KEPT) return;
      this.#shares.delete(caller);
      this.#release([...latest, ...slowest]);
    }
  }
}

export function operationOf(record: OperationRecord): IncidentOperation {
  const { name, type, document, documentHash, clientName, clientVersion } = record;
  const { bytes, isJoined, upstreamRequests } = record;
  return {
    name: name?.slice(0, 100),
    type,
    documentHash,
    document: document === undefined || document.length > MAX_DOCUMENT ? undefined : document,
    clientName,
    clientVersion,
    bytes,
    isJoined,
    upstreamRequests,
    calls: summarizeCalls(record.calls),
  };
}

function bytesOf({ why = '', operation }: Incident): number {
  const { document = '', calls = [] } = operation ?? {};
  return INCIDENT_BYTES + 2 * (why.length + document.length) + CALL_BYTES * calls.length;
}
