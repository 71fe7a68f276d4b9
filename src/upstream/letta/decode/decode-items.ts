import { type Agent, AGENT_FIELDS } from '../../../runs/agent-fields.ts';
import { type AgentConversation, CONVERSATION_FIELDS } from '../../../runs/conversation-fields.ts';
import { type RunStep, STEP_FIELDS } from '../../../runs/detail-fields.ts';
import { IDS } from '../../../runs/ids.ts';
import { instantOf } from '../../../runs/instants.ts';
import { DecodeError } from './decode-error.ts';
import { FIELD_READERS, type JsonObject, type RowIndex } from './field-readers.ts';
import { asObject, asObjects, readerOf } from './read-fields.ts';

const readAgent = readerOf(AGENT_FIELDS, FIELD_READERS);
const readConversation = readerOf(CONVERSATION_FIELDS, FIELD_READERS);
const readStep = readerOf(STEP_FIELDS, FIELD_READERS);

/** Decodes an agent. In a list also its time of creation is required, by which the list is sorted. @throws DecodeError */
export function decodeAgent(json: unknown, row: RowIndex): Agent {
  const agent = asObject(json, 'an agent', row);
  const [id, createdAt] = [FIELD_READERS.id(agent['id'], row, 'id'), agent['created_at']];
  if (row !== null) FIELD_READERS.created(createdAt, row, 'created_at');
  const createdInstant = instantOf(String(createdAt)) ?? '';
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Its fields are those of the table.
  return { ...readAgent(agent, row), id, createdInstant } as Agent;
}

/** Decodes a conversation. Also its time of creation is required, by which lists are sorted. @throws DecodeError */
export function decodeConversation(json: unknown, row: RowIndex): AgentConversation {
  const conversation = asObject(json, 'a conversation', row);
  const id = FIELD_READERS.id(conversation['id'], row, 'id');
  FIELD_READERS.created(conversation['created_at'], row, 'created_at');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Its fields are those of the table.
  return { ...readConversation(conversation, row), id, conversationId: id } as AgentConversation;
}

/** Decodes a step that was looked up. @throws DecodeError */
export function decodeStep(json: unknown): RunStep {
  return stepOf(asObject(json, 'a step'), null, null);
}

/**
 * Decodes a page of the list of a run's steps, in its order.
 *
 * @param from the index of the first step in the list
 * @throws DecodeError for anything but a list of steps, and for a step that is in it twice
 */
export function decodeSteps(json: unknown, from = 0): readonly RunStep[] {
  const ids = new Set<string>();
  return asObjects(json, 'step').map((item, row) => {
    const step = stepOf(item, row, from + row);
    if (!IDS.step.pattern.test(step.id) || ids.has(step.id))
      throw new DecodeError(row, 'id', 'the id of another step', step.id);
    ids.add(step.id);
    return step;
  });
}

function stepOf(json: JsonObject, row: RowIndex, index: number | null): RunStep {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Its fields are those of the table.
  return { ...readStep(json, row), index } as RunStep;
}
