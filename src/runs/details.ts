import type { DetailField, DetailKind, METRICS_FIELDS, STEP_FIELDS } from './detail-fields.ts';
import type { FieldKind } from './run-fields.ts';
import type { FieldValues } from './run.ts';

/** A whole number of any size: beyond ±(2^53-1) it is a bigint. */
export type Long = number | bigint;

export interface DetailValues extends FieldValues {
  readonly long: Long | null;
  /** An instant in RFC 3339 format. */
  readonly epoch: string | null;
  readonly 'text list': readonly string[] | null;
}

type ValuesOf<Fields extends Readonly<Record<string, DetailField>>> = {
  readonly [Name in keyof Fields]: DetailValues[Fields[Name]['kind'] & (FieldKind | DetailKind)];
};

/** One step of a run: a request to a language model, and what came of it. */
export interface RunStep extends ValuesOf<typeof STEP_FIELDS> {
  /** Its place among the steps of its run, from 0; null if it was retrieved by id. */
  readonly index: number | null;
}

/** What was measured of a run as a whole. */
export interface RunMetrics extends ValuesOf<typeof METRICS_FIELDS> {}
