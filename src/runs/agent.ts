import type { AGENT_FIELDS, AgentFieldName } from './agent-fields.ts';
import type { ValuesOf } from './field.ts';

/** The values of the fields of an agent. */
export type AgentValues = ValuesOf<typeof AGENT_FIELDS>;

/** An agent that was looked up. */
export interface AgentDetails {
  /** Returns a field; null if the API has no value. One that is malformed leaves the others. @throws UpstreamError */
  readonly read: <Name extends AgentFieldName>(name: Name) => AgentValues[Name];
}
