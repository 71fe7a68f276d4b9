import type { RunParts } from '../../runs/source.ts';
import { decodeMetrics, decodeSteps } from '../../wire/decode-details.ts';
import { retrievePath } from './runs-url.ts';

/** An endpoint for a part of one run. */
interface RunPart<Value> {
  /** Returns its path, relative to the root of the API. */
  readonly path: (id: string) => string;
  /** Decodes its response. @throws DecodeError */
  readonly decode: (json: unknown) => Value;
}

/** Lists of a run's parts have no limit of their own; larger numbers may not fit into the database's type. */
const MAX_LIMIT = 2 ** 31 - 1;

/** The endpoint of each part of a run. */
export const RUN_PARTS: { readonly [Name in keyof RunParts]: RunPart<RunParts[Name]> } = {
  steps: {
    // Only this order is right for steps created at the same time. Without pages none can be lost.
    path: (id) => `${retrievePath(id)}/steps?order=asc&limit=${MAX_LIMIT}`,
    decode: decodeSteps,
  },
  metrics: { path: (id) => `${retrievePath(id)}/metrics`, decode: decodeMetrics },
};
