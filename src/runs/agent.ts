import type { AGENT_FIELDS, AgentFieldName } from './agent-fields.ts';
import type { ValuesOf } from './field.ts';

/** The values of the fields of an agent. */
export type AgentValues = ValuesOf<typeof AGENT_FIELDS>;

/** An agent that was looked up or listed. */
export interface Agent {
  readonly id: string;
  /** When it was created, in the format of `instantOf`; empty if the API doesn't say, as it may in a look-up. */
  readonly createdInstant: string;
  /** Returns a field; null if the API has no value. One that is malformed leaves the others. @throws UpstreamError */
  readonly read: <Name extends AgentFieldName>(name: Name) => AgentValues[Name];
}
