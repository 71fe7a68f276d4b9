import type { RunParts } from '../../runs/source.ts';
import { decodeDuration } from '../../wire/decode-run.ts';
import { retrievePath } from './runs-url.ts';

/** An endpoint of one run. */
interface RunPart<Value> {
  /** Its address, relative to the API's root. */
  readonly path: (id: string) => string;
  /** Reads its answer. @throws DecodeError */
  readonly decode: (json: unknown) => Value;
}

/** Where each part of a run is found. */
export const RUN_PARTS: { readonly [Name in keyof RunParts]: RunPart<RunParts[Name]> } = {
  duration: { path: (id) => `${retrievePath(id)}/metrics`, decode: decodeDuration },
};
