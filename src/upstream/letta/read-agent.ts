import { UpstreamError } from '../../errors/upstream-error.ts';
import { AGENT_FIELD_NAMES, type AgentFieldName } from '../../runs/agent-fields.ts';
import type { AgentDetails, AgentValues } from '../../runs/agent.ts';
import { decodeAgent, readAgentField } from '../../wire/decode-agent.ts';
import { reportAgentDrift } from '../../wire/drift.ts';
import type { UpstreamTelemetry } from '../telemetry.ts';
import { decoded } from './decoded.ts';

/** Reads the agent with an id. A field that is malformed fails only when it is read. @throws UpstreamError */
export function readAgent(json: unknown, id: string, telemetry: UpstreamTelemetry): AgentDetails {
  const agent = decoded(() => decodeAgent(json));
  if (agent.id !== id) {
    throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', `Expected the agent ${id}, but got ${agent.id}`);
  }
  reportAgentDrift(agent.json, (kind, value) => telemetry.drift(kind, value));
  const fields = new Map(
    AGENT_FIELD_NAMES.map((name) => [name, valueOrError(() => readAgentField(agent.json, name))]),
  );
  return {
    read<Name extends AgentFieldName>(name: Name) {
      const value = fields.get(name);
      if (value instanceof Error) throw value;
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The value of this field.
      return value as AgentValues[Name];
    },
  };
}

/** An agent may be shown in many places: a field that fails has the same error in all of them. */
function valueOrError(read: () => unknown): unknown {
  try {
    return decoded(read);
  } catch (error) {
    return error;
  }
}
