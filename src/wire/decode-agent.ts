import { AGENT_FIELDS, type AgentFieldName } from '../runs/agent-fields.ts';
import type { AgentValues } from '../runs/agent.ts';
import { DETAIL_READERS } from './decode-details.ts';
import { DecodeError } from './decode-error.ts';
import { FIELD_READERS, isObject, type JsonObject } from './field-readers.ts';

/** Decodes what identifies an agent, and leaves its fields for {@link readAgentField}. @throws DecodeError */
export function decodeAgent(json: unknown): { readonly id: string; readonly json: JsonObject } {
  if (!isObject(json)) throw new DecodeError(null, '', 'an agent', json);
  return { id: FIELD_READERS.id(json['id'], null, 'id'), json };
}

/** Decodes one field of an agent; one that is missing is null. @throws DecodeError */
export function readAgentField<Name extends AgentFieldName>(json: JsonObject, name: Name): AgentValues[Name] {
  const { wire, kind } = AGENT_FIELDS[name];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Each kind of field has its reader.
  return DETAIL_READERS[kind](json[wire], null, wire) as AgentValues[Name];
}
