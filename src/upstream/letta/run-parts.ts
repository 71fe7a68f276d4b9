import type { RunParts } from '../../runs/source.ts';
import { retrievePath } from './runs-url.ts';

/** An endpoint for a part of one run. */
interface RunPart {
  /** Returns its path, relative to the root of the API. */
  readonly path: (id: string) => string;
  /** Whether the API may fail to send it by a 500 as long as some row is there, as it does for agents. */
  readonly mayFailAlone: boolean;
}

/** The endpoint of each part of a run. */
export const RUN_PARTS: { readonly [Name in keyof RunParts]: RunPart } = {
  steps: { path: (id) => `${retrievePath(id)}/steps`, mayFailAlone: false },
  // Images of some sources, and agents without a model's configuration, make the API fail.
  messages: { path: (id) => `${retrievePath(id)}/messages`, mayFailAlone: true },
  metrics: { path: (id) => `${retrievePath(id)}/metrics`, mayFailAlone: false },
};
