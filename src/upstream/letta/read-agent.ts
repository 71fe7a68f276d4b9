import type { AgentDetails } from '../../runs/agent.ts';
import { UpstreamError } from '../../runs/errors.ts';
import { decodeAgent, readAgentField } from '../../wire/decode-agent.ts';
import { reportAgentDrift } from '../../wire/drift.ts';
import type { UpstreamTelemetry } from '../telemetry.ts';
import { decoded } from './decoded.ts';

/** Reads the agent with an id; its fields are decoded when they are read. @throws UpstreamError */
export function readAgent(json: unknown, id: string, telemetry: UpstreamTelemetry): AgentDetails {
  const agent = decoded(() => decodeAgent(json));
  if (agent.id !== id) {
    throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', `Expected the agent ${id}, but got ${agent.id}`);
  }
  reportAgentDrift(agent.json, (kind, value) => telemetry.drift(kind, value));
  return { read: (name) => decoded(() => readAgentField(agent.json, name)) };
}
