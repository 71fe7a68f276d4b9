import { type GraphQLObjectType, getNamedType, isObjectType } from 'graphql';
import { MESSAGE_TYPES, RUN_STATUSES, STOP_REASONS } from '../runs/run.ts';
import { RowProgram } from '../wire/row-program.ts';
import type { Program } from '../wire/scanner.ts';
import type { Words } from '../wire/word-table.ts';
import { compileField } from './compile-values.ts';
import type { Selection } from './selection-tree.ts';

/** A field of the schema, of one that is selected. */
interface Place {
  readonly type: GraphQLObjectType;
  readonly selection: Selection;
}
type Write = (program: RowProgram, place: Place) => void;

/** How each field of an edge, a run and what belongs to it is written from the run's text. */
const WRITES: Readonly<Record<string, Write>> = {
  'RunEdge.cursor': (program) => program.cursor(),
  'RunEdge.node': writeObject,
  'Run.id': (program) => program.slice('id'),
  'Run.agentId': (program) => program.slice('agent_id'),
  'Run.agent': writeObject,
  'Agent.id': (program) => program.slice('agent_id'),
  'Run.status': (program, place) => program.word('status', words(place, 'status', RUN_STATUSES)),
  'Run.rawStatus': (program) => program.slice('status'),
  'Run.stopReason': (program, place) => program.word('stop_reason', words(place, 'stopReason', STOP_REASONS)),
  'Run.rawStopReason': (program) => program.slice('stop_reason'),
  'Run.createdAt': (program) => program.instant('created_at'),
  'Run.completedAt': (program) => program.instant('completed_at'),
  'Run.totalDurationNs': (program) => program.slice('total_duration_ns'),
  'Run.ttftNs': (program) => program.slice('ttft_ns'),
  'Run.background': (program) => program.slice('background'),
  'Run.conversationId': (program) => program.slice('conversation_id'),
  'Run.baseTemplateId': (program) => program.slice('base_template_id'),
  'Run.metadata': (program) => program.slice('metadata'),
  'Run.requestConfig': (program, place) =>
    program.object('request_config', () => writeObject(program, place)),
  'Run.callbackUrl': (program) => program.slice('callback_url'),
  'Run.callbackSentAt': (program) => program.instant('callback_sent_at'),
  'Run.callbackStatusCode': (program) => program.slice('callback_status_code'),
  'Run.callbackError': (program) => program.slice('callback_error'),
  'RunRequestConfig.useAssistantMessage': (program) => program.slice('use_assistant_message'),
  'RunRequestConfig.assistantMessageToolName': (program) => program.slice('assistant_message_tool_name'),
  'RunRequestConfig.assistantMessageToolKwarg': (program) => program.slice('assistant_message_tool_kwarg'),
  'RunRequestConfig.includeReturnMessageTypes': (program, place) =>
    program.words('include_return_message_types', listedWords(place)),
};

/** Compiles the selection of an edge or a run; null where that can't be done. */
export function compileProgram(type: GraphQLObjectType, selections: readonly Selection[]): Program | null {
  const program = new RowProgram();
  try {
    writeMembers(program, type, selections);
  } catch (error) {
    if (error instanceof UnknownField) return null;
    throw error;
  }
  return program.finish();
}

class UnknownField extends Error {
  override readonly name = 'UnknownField' as const;
}

/** An object with other fields of the same run. */
function writeObject(program: RowProgram, { type, selection }: Place): void {
  const field = type.getFields()[selection.name];
  const inner = field && getNamedType(field.type);
  if (!isObjectType(inner)) throw new UnknownField(selection.name);
  writeMembers(program, inner, selection.children);
}

function writeMembers(program: RowProgram, type: GraphQLObjectType, selections: readonly Selection[]): void {
  selections.forEach((selection, index) => {
    program.text(`${index === 0 ? '{' : ','}${JSON.stringify(selection.key)}:`);
    if (selection.name === '__typename') return program.text(JSON.stringify(type.name));
    const write = WRITES[`${type.name}.${selection.name}`];
    if (write === undefined) throw new UnknownField(selection.name);
    write(program, { type, selection });
  });
  program.text('}');
}

/** Any text that is no word of today's wire. */
const OTHER = 'a word of tomorrow';

/** What the schema makes of the words of a property. */
function words({ type, selection }: Place, property: string, known: readonly string[]): Words {
  const build = compileField(type, selection);
  const written = (word: string | null): string => JSON.stringify(build({ [property]: word }));
  return {
    known: known.map((word) => [word, written(word)]),
    ofNull: written(null),
    ofOthers: written(OTHER),
  };
}

function listedWords({ type, selection }: Place): Words {
  const build = compileField(type, selection);
  // Of a list of one, without its brackets.
  const written = (word: string): string =>
    JSON.stringify(build({ includeReturnMessageTypes: [word] })).slice(1, -1);
  return {
    known: MESSAGE_TYPES.map((word) => [word, written(word)]),
    ofNull: 'null',
    ofOthers: written(OTHER),
  };
}
