import { DEFAULT_ACTOR } from './actors.ts';
import { RUN_STATUSES, STOP_REASONS } from './enum-values.ts';

/** How a value of each kind is handed to the store (`given`), and how SQLite returns it (`kept`). */
export interface Kinds {
  text: { given: string; kept: string };
  /** Whole; beyond 2^53 exact on the way out. */
  integer: { given: number; kept: bigint };
  boolean: { given: boolean; kept: bigint };
  /** Any RFC 3339 timestamp, UTC without a zone, digits past the microsecond dropped. Ends in `Z` on the wire. */
  zonedTime: { given: string; kept: string };
  /** The same; on the wire it has no zone, as Letta's columns have none. */
  zonelessTime: { given: string; kept: string };
  /** An object; anything else is stored and makes Letta refuse the row. Goes out as it was stored. */
  object: { given: unknown; kept: string };
  /** An object; keys that are missing are filled with Letta's defaults on the way out. */
  requestConfig: { given: unknown; kept: string };
}

interface FieldDefinition {
  readonly kind: keyof Kinds;
  /** Every insert has to say it. A field that is neither required nor has a default is nullable. */
  readonly required?: true;
  readonly default?: string;
  /** A regular expression; Letta refuses a row whose text doesn't match. */
  readonly pattern?: string;
  /** Letta refuses a row with any other text. */
  readonly values?: readonly string[];
  /** The name of the column in Letta's error messages, where it differs. */
  readonly ormName?: string;
  /** Kept for the metrics of a run; the run itself doesn't show it. */
  readonly metricsOnly?: true;
  /** Lists show this field in its stead, unless it is null; a single run doesn't. */
  readonly inLists?: string;
}

/**
 * The one list of a run's fields, in the order of the wire. Types, columns, defaults, checks and the writer of
 * the wire follow from it. The names are those of the wire and of the columns.
 */
export const RUN_FIELDS = {
  id: { kind: 'text', required: true, pattern: '^(job|run)-[a-fA-F0-9]{8}' },
  status: { kind: 'text', default: 'created', values: RUN_STATUSES },
  created_at: { kind: 'zonedTime', required: true },
  completed_at: { kind: 'zonelessTime' },
  agent_id: { kind: 'text', required: true },
  conversation_id: { kind: 'text' },
  base_template_id: { kind: 'text' },
  background: { kind: 'boolean' },
  metadata: { kind: 'object', ormName: 'metadata_' },
  request_config: { kind: 'requestConfig' },
  stop_reason: { kind: 'text', values: STOP_REASONS },
  callback_url: { kind: 'text' },
  callback_sent_at: { kind: 'zonelessTime' },
  callback_status_code: { kind: 'integer' },
  callback_error: { kind: 'text' },
  ttft_ns: { kind: 'integer' },
  total_duration_ns: { kind: 'integer', inLists: 'run_ns' },
  run_ns: { kind: 'integer', metricsOnly: true },
  num_steps: { kind: 'integer', metricsOnly: true },
  organization_id: { kind: 'text', default: DEFAULT_ACTOR.organizationId, metricsOnly: true },
} as const satisfies Readonly<Record<string, FieldDefinition>>;

export type FieldName = keyof typeof RUN_FIELDS;

export const isFieldName = (name: string): name is FieldName => name in RUN_FIELDS;

export const FIELD_NAMES: readonly FieldName[] = Object.keys(RUN_FIELDS).filter(isFieldName);

type InLists = Extract<(typeof RUN_FIELDS)[FieldName], { inLists: string }>['inLists'];

/** The definition without most of its literal types, for loops over all fields. */
export function definitionOf(name: FieldName): FieldDefinition & { readonly inLists?: InLists } {
  return RUN_FIELDS[name];
}

export function isNullable(name: FieldName): boolean {
  const { required, default: fallback } = definitionOf(name);
  return required === undefined && fallback === undefined;
}
