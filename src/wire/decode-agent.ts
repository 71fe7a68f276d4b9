import { AGENT_FIELDS, type AgentField } from '../runs/agent-fields.ts';
import type { Agent } from '../runs/agent.ts';
import { instantOf } from '../runs/position.ts';
import { DecodeError } from './decode-error.ts';
import { FIELD_READERS, isObject, type JsonObject, type Row } from './field-readers.ts';
import { JsonFields } from './json-fields.ts';

class AgentFields extends JsonFields {
  readonly id: string;
  readonly createdInstant: string;

  constructor(id: string, createdInstant: string, json: JsonObject, row: Row) {
    super(json, row);
    this.id = id;
    this.createdInstant = createdInstant;
  }

  static {
    JsonFields.define<AgentField>(this.prototype, AGENT_FIELDS, placeOf);
  }
}

/** Returns where a server has a field: older ones elsewhere, or nowhere. */
function placeOf(json: JsonObject, { wire, older }: AgentField): readonly [holder: JsonObject, key: string] {
  if (older === undefined || wire in json) return [json, wire];
  const holder = json[older[0]];
  return isObject(holder) ? [holder, older[1]] : [json, wire];
}

/**
 * Decodes an agent. Of one in a list, the time of its creation is required as well, which its position depends on.
 *
 * @param row its index in a list; null outside of one
 * @throws DecodeError
 */
export function decodeAgent(json: unknown, row: Row = null): Agent {
  if (!isObject(json)) throw new DecodeError(row, '', 'an agent', json);
  const id = FIELD_READERS.id(json['id'], row, 'id');
  if (row !== null) FIELD_READERS.created(json['created_at'], row, 'created_at');
  const createdInstant = instantOf(String(json['created_at'])) ?? '';
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Its fields are those of the table.
  return new AgentFields(id, createdInstant, json, row) as unknown as Agent;
}
