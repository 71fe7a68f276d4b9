import { AGENT_FIELDS, type AgentField, type AgentFieldName } from '../runs/agent-fields.ts';
import type { AgentValues } from '../runs/agent.ts';
import { DecodeError } from './decode-error.ts';
import {
  FIELD_READERS,
  isObject,
  isTexts,
  type JsonObject,
  optional,
  type ReadField,
} from './field-readers.ts';

const READERS: Readonly<Record<Exclude<AgentField['kind'], 'config'>, ReadField<unknown>>> = {
  ...FIELD_READERS,
  'text list': optional('a list of texts', isTexts),
};

/** Decodes what identifies an agent, and leaves its fields for {@link readAgentField}. @throws DecodeError */
export function decodeAgent(json: unknown): { readonly id: string; readonly json: JsonObject } {
  if (!isObject(json)) throw new DecodeError(null, '', 'an agent', json);
  return { id: FIELD_READERS.id(json['id'], null, 'id'), json };
}

/** Decodes one field of an agent; one that is missing is null. @throws DecodeError */
export function readAgentField<Name extends AgentFieldName>(json: JsonObject, name: Name): AgentValues[Name] {
  const { wire, kind } = AGENT_FIELDS[name];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Each kind of field has its reader.
  return READERS[kind](json[wire], null, wire) as AgentValues[Name];
}
