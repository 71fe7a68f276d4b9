import { UpstreamError } from '../../errors/upstream-error.ts';
import type { AgentFieldName } from '../../runs/agent-fields.ts';
import type { Agent, AgentValues } from '../../runs/agent.ts';
import { instantOf } from '../../runs/position.ts';
import { decodeAgent, readAgentField } from '../../wire/decode-agent.ts';
import { reportAgentDrift, type ReportDrift } from '../../wire/drift.ts';
import type { JsonObject } from '../../wire/field-readers.ts';
import { decoded } from './decoded.ts';
import { readRows } from './read-run.ts';

/** Reads the agent with an id. A field that is malformed fails only when it is read. @throws UpstreamError */
export function readAgent(json: unknown, id: string, report: ReportDrift): Agent {
  const agent = decoded(() => decodeAgent(json));
  if (agent.id !== id) {
    throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', `Expected the agent ${id}, but got ${agent.id}`);
  }
  reportAgentDrift(agent.json, report);
  return agentOf(agent);
}

/** Reads a list of agents, of which the positions must be right. @throws UpstreamError for anything else */
export function readAgents(json: unknown, report: ReportDrift): readonly Agent[] {
  const rows = readRows(json).map((row) => decoded(() => decodeAgent(row)));
  if (rows[0] !== undefined) reportAgentDrift(rows[0].json, report);
  return rows.map((row, index) => {
    const agent = agentOf(row);
    if (agent.createdInstant !== '') return agent;
    const message = `Expected [${index}].created_at to be a date and time with a zone`;
    throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', message);
  });
}

function agentOf({ id, json }: { readonly id: string; readonly json: JsonObject }): Agent {
  /** An agent may be shown in many places: a field that fails has the same error in all of them. */
  const known = new Map<AgentFieldName, { readonly value?: unknown; readonly error?: unknown }>();
  const valueOrError = (name: AgentFieldName) => {
    try {
      return { value: decoded(() => readAgentField(json, name)) };
    } catch (error) {
      return { error };
    }
  };
  return {
    id,
    createdInstant: instantOf(String(json['created_at'])) ?? '',
    read<Name extends AgentFieldName>(name: Name) {
      const found = known.get(name) ?? valueOrError(name);
      known.set(name, found);
      if ('error' in found) throw found.error;
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The value of this field.
      return found.value as AgentValues[Name];
    },
  };
}
