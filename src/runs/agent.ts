import type { AGENT_FIELDS } from './agent-fields.ts';
import type { ValuesOf } from './field.ts';

/** An agent that was looked up or listed. A field that is malformed throws an {@link UpstreamError} when it is read. */
export interface Agent extends ValuesOf<typeof AGENT_FIELDS> {
  readonly id: string;
  /** When it was created, in the format of `instantOf`; empty if a look-up doesn't say. */
  readonly createdInstant: string;
}
