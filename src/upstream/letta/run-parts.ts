import type { RunParts } from '../../runs/source.ts';
import { decodeDuration } from '../../wire/decode-run.ts';
import { retrievePath } from './runs-url.ts';

/** An endpoint for a part of one run. */
interface RunPart<Value> {
  /** Returns its path, relative to the root of the API. */
  readonly path: (id: string) => string;
  /** Decodes its response. @throws DecodeError */
  readonly decode: (json: unknown) => Value;
}

/** The endpoint of each part of a run. */
export const RUN_PARTS: { readonly [Name in keyof RunParts]: RunPart<RunParts[Name]> } = {
  duration: { path: (id) => `${retrievePath(id)}/metrics`, decode: decodeDuration },
};
