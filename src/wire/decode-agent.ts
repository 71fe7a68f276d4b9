import { AGENT_FIELDS, type AgentField, type AgentFieldName } from '../runs/agent-fields.ts';
import type { AgentValues } from '../runs/agent.ts';
import { DETAIL_READERS } from './decode-details.ts';
import { DecodeError } from './decode-error.ts';
import { FIELD_READERS, isObject, type JsonObject } from './field-readers.ts';

/** Decodes what identifies an agent, and leaves its fields for {@link readAgentField}. @throws DecodeError */
export function decodeAgent(json: unknown): { readonly id: string; readonly json: JsonObject } {
  if (!isObject(json)) throw new DecodeError(null, '', 'an agent', json);
  return { id: FIELD_READERS.id(json['id'], null, 'id'), json };
}

/** Decodes one field of an agent, wherever a server has it; one that is missing is null. @throws DecodeError */
export function readAgentField<Name extends AgentFieldName>(json: JsonObject, name: Name): AgentValues[Name] {
  const { wire, kind, older }: AgentField = AGENT_FIELDS[name];
  const [holder, key] = olderPlace(json, wire, older) ?? [json, wire];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Each kind of field has its reader.
  return DETAIL_READERS[kind](holder[key], null, key) as AgentValues[Name];
}

/** Returns where an older server has a field; undefined if this one isn't older, or has it nowhere. */
function olderPlace(
  json: JsonObject,
  wire: string,
  older: AgentField['older'],
): readonly [holder: JsonObject, key: string] | undefined {
  if (older === undefined || wire in json) return undefined;
  const holder = json[older[0]];
  return isObject(holder) ? [holder, older[1]] : undefined;
}
