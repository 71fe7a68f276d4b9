import { DEFAULT_ACTOR } from './actors.ts';
import { RUN_STATUSES, STOP_REASONS } from './enum-values.ts';

/** The type of a value of each kind as passed to the store (`given`), and as SQLite returns it (`kept`). */
export interface Kinds {
  text: { given: string; kept: string };
  /** A whole number; exact beyond 2^53 when read. */
  integer: { given: number; kept: bigint };
  boolean: { given: boolean; kept: bigint };
  /** Any RFC 3339 timestamp, in UTC if it has no zone, truncated to microseconds. Ends in `Z` on the wire. */
  zonedTime: { given: string; kept: string };
  /** The same, but without a zone on the wire, because Letta's columns have none. */
  zonelessTime: { given: string; kept: string };
  /** An object; anything else is stored and makes Letta reject the row. Given as a value or as `JsonText`. */
  object: { given: unknown; kept: string };
  /** The same; missing keys get Letta's defaults when it is sent. */
  requestConfig: { given: unknown; kept: string };
  /** A list of strings; the same. */
  texts: { given: unknown; kept: string };
}

interface FieldDefinition {
  readonly kind: keyof Kinds;
  /** Required by every insert. A field that is neither required nor has a default is nullable. */
  readonly required?: true;
  readonly default?: string;
  /** A regular expression; Letta rejects a row whose text doesn't match. */
  readonly pattern?: string;
  /** The allowed values; Letta rejects a row with any other. */
  readonly values?: readonly string[];
  /** The name of the column in Letta's error messages, where it differs. */
  readonly ormName?: string;
  /** Set if the field appears only in the metrics of a run, not in the run itself. */
  readonly metricsOnly?: true;
  /** Set if the field isn't sent at all. */
  readonly unsent?: true;
  /** Another field that lists show instead, unless it is null. */
  readonly inLists?: string;
}

/**
 * The fields of a run in wire order. Types, columns, defaults, checks and serialization are derived from this
 * table. The names are those on the wire and of the columns.
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
  tools_used: { kind: 'texts', metricsOnly: true },
  // Letta creates the metrics together with the run, but other programs that write runs may not.
  lacks_metrics: { kind: 'boolean', unsent: true },
  organization_id: { kind: 'text', default: DEFAULT_ACTOR.organizationId, metricsOnly: true },
} as const satisfies Readonly<Record<string, FieldDefinition>>;

export type FieldName = keyof typeof RUN_FIELDS;

export const isFieldName = (name: string): name is FieldName => name in RUN_FIELDS;

export const FIELD_NAMES: readonly FieldName[] = Object.keys(RUN_FIELDS).filter(isFieldName);

type InLists = Extract<(typeof RUN_FIELDS)[FieldName], { inLists: string }>['inLists'];

/** Returns the definition of a field with widened types, for loops over all fields. */
export function definitionOf(name: FieldName): FieldDefinition & { readonly inLists?: InLists } {
  return RUN_FIELDS[name];
}

export function isNullable(name: FieldName): boolean {
  const { required, default: fallback } = definitionOf(name);
  return required === undefined && fallback === undefined;
}
