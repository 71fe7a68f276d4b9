import type { FieldKind, FieldValues } from '../../src/runs/field.ts';
import { ACTIVE_STATUSES as ACTIVE } from '../../src/runs/outcomes.ts';
import { enumValues } from '../../src/runs/run-enums.ts';
import {
  type NamedField,
  REQUEST_CONFIG_FIELD_LIST,
  type REQUEST_CONFIG_FIELDS,
  RUN_FIELD_LIST,
  type RUN_FIELDS as RUN_TABLE,
} from '../../src/runs/run-fields.ts';

/**
 * What the tests do with all fields of a run is derived from the table of `src`, of which `test/runs/tables.test.ts`
 * proves that it is what was recorded of Letta 0.16.7.
 */

export const RUN_STATUSES = enumValues('status');
export const STOP_REASONS = enumValues('stop_reason');
export const OUTCOMES = enumValues('outcome');
export const MESSAGE_TYPES = enumValues('message_type');
export const ACTIVE_STATUSES: readonly string[] = ACTIVE;

/** Few of each, so that random filters match random runs. */
export const AGENT_IDS = ['a', 'b', 'c'].map(
  (letter) => `agent-${letter.repeat(8)}-0000-4000-8000-000000000000`,
);
export const CONVERSATION_IDS = ['1', '2'].map(
  (digit) => `conv-${digit.repeat(8)}-0000-4000-8000-000000000000`,
);

/** What the tests do with a field of each kind; none can be forgotten. */
export type ByKind<T> = Readonly<Record<FieldKind, T>>;

export interface Field {
  readonly kind: FieldKind;
  /** Never null, and never missing. */
  readonly isRequired: boolean;
  /** The enum values that are known, or the few texts that random runs have. */
  readonly values: readonly string[];
  /** What the API sends where nothing was stored. */
  readonly fallback: unknown;
}

type Table = Readonly<Record<string, Field>>;

const FEW: Readonly<Record<string, readonly string[]>> = {
  agent_id: AGENT_IDS,
  conversation_id: CONVERSATION_IDS,
};

/** By names of the wire, in its order. */
function byWire(fields: readonly NamedField[]): Table {
  return Object.fromEntries(
    fields.map(({ wire, kind, enum: name, fallback = null, isRequired }) => [
      wire,
      {
        kind,
        isRequired: isRequired ?? (kind === 'id' || kind === 'created'),
        values: name === undefined ? (FEW[wire] ?? []) : enumValues(name),
        fallback,
      },
    ]),
  );
}

export const RUN_FIELDS = byWire(RUN_FIELD_LIST);
export const CONFIG_FIELDS = byWire(REQUEST_CONFIG_FIELD_LIST);

type WireFields = (typeof RUN_TABLE)[keyof typeof RUN_TABLE];
type WireConfig = {
  readonly [F in (typeof REQUEST_CONFIG_FIELDS)[keyof typeof REQUEST_CONFIG_FIELDS] as F['wire']]: unknown;
};

/** A run as the wire shows it. */
export type WireRun = {
  readonly [F in WireFields as F['wire']]: F extends { readonly isRequired: true }
    ? string
    : (FieldValues & { readonly config: WireConfig | null })[F['kind']];
};

/** An object with the same keys as the table. */
export function mapFields<T>(table: Table, make: (field: Field, name: string) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(table).map(([name, field]) => [name, make(field, name)]));
}

/** `agent_id` is `agentId` in GraphQL. */
export function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
