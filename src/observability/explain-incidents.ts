import { ERROR_CODES } from '../errors/error-codes.ts';
import { documentShape } from './document-shape.ts';
import { type Incident, REMEMBERED_MS } from './incidents.ts';

/** What `why` tells of one incident. */
export interface ExplainedIncident {
  /** RFC 3339. */
  readonly at: string;
  readonly kind: string;
  readonly code: string;
  /** What the code means. */
  readonly meaning: string | undefined;
  readonly why: string | undefined;
  readonly requestId: string | undefined;
  readonly caller: string | undefined;
  readonly ms: number | undefined;
  readonly operation: ShapedOperation | undefined;
}

type Recorded = NonNullable<Incident['operation']>;

interface ShapedOperation extends Omit<Recorded, 'document'> {
  /** The document without its values. */
  readonly shape: string | undefined;
}

export interface Explanation {
  /** For how long incidents are remembered at most. */
  readonly rememberedMs: number;
  /** Refusals and errors, the latest first; with an id, all that there is about it, the oldest first. */
  readonly incidents: readonly ExplainedIncident[];
  /** Operations that succeeded, the slowest first. */
  readonly slowest: readonly ExplainedIncident[];
}

const MAX_LATEST = 20;
const MAX_SLOWEST = 10;

/** @param id of a request; null for the latest and the slowest of all */
export function explainIncidents(all: readonly Incident[], id: string | null): Explanation {
  const failed = all.filter(({ code }) => code !== 'OK');
  const slow = all.filter(({ code }) => code === 'OK');
  const [incidents, slowest] =
    id === null
      ? [failed.slice(-MAX_LATEST).toReversed(), slow.toSorted(bySlowness).slice(0, MAX_SLOWEST)]
      : [all.filter(({ requestId }) => requestId === id), []];
  return { rememberedMs: REMEMBERED_MS, incidents: incidents.map(explain), slowest: slowest.map(explain) };
}

function bySlowness(one: Incident, other: Incident): number {
  return (other.ms ?? 0) - (one.ms ?? 0);
}

function explain({ at, operation: recorded, ...incident }: Incident): ExplainedIncident {
  const { code, ms } = incident;
  return {
    ...incident,
    at: new Date(at).toISOString(),
    meaning: Object.entries(ERROR_CODES).find(([known]) => known === code)?.[1].description,
    ms: ms === undefined ? undefined : Math.round(ms * 10) / 10,
    operation: recorded && shaped(recorded),
  };
}

function shaped({ document, ...operation }: Recorded): ShapedOperation {
  return { ...operation, shape: document === undefined ? undefined : documentShape(document) };
}
