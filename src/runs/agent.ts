import type { AGENT_FIELDS, AgentField, AgentFieldName } from './agent-fields.ts';
import type { FieldValues } from './run.ts';

interface AgentFieldValues extends FieldValues {
  readonly 'text list': readonly string[] | null;
}

/** The values of the fields of an agent. */
export type AgentValues = {
  readonly [Name in AgentFieldName]: AgentFieldValues[(typeof AGENT_FIELDS)[Name]['kind'] &
    AgentField['kind']];
};

/** An agent that was looked up. */
export interface AgentDetails {
  /** Returns a field; null if the API has no value. One that is malformed leaves the others. @throws UpstreamError */
  readonly read: <Name extends AgentFieldName>(name: Name) => AgentValues[Name];
}
