import {
  IGNORED_METRICS_FIELDS,
  IGNORED_STEP_FIELDS,
  METRICS_FIELDS,
  STEP_FIELDS,
} from '../../runs/detail-fields.ts';
import type { RunParts } from '../../runs/source.ts';
import { decodeMetrics, decodeSteps } from '../../wire/decode-details.ts';
import { type DriftReporter, driftReporter } from '../../wire/drift.ts';
import { retrievePath } from './runs-url.ts';

/** An endpoint for a part of one run. */
interface RunPart<Value> {
  /** Returns its path, relative to the root of the API. */
  readonly path: (id: string) => string;
  /** Decodes its response. @throws DecodeError */
  readonly decode: (json: unknown) => Value;
  /** Reports differences in what was decoded. */
  readonly drift: DriftReporter;
}

/** Lists of a run's parts have no limit of their own; the largest that the server's types hold. */
const MAX_LIMIT = 2 ** 31 - 1;

/** The endpoint of each part of a run. */
export const RUN_PARTS: { readonly [Name in keyof RunParts]: RunPart<RunParts[Name]> } = {
  steps: {
    // Only this order is right for steps created at the same time. Without pages none can be lost.
    path: (id) => `${retrievePath(id)}/steps?order=asc&limit=${MAX_LIMIT}`,
    decode: decodeSteps,
    drift: driftReporter(STEP_FIELDS, IGNORED_STEP_FIELDS),
  },
  metrics: {
    path: (id) => `${retrievePath(id)}/metrics`,
    decode: decodeMetrics,
    drift: driftReporter(METRICS_FIELDS, IGNORED_METRICS_FIELDS),
  },
};
