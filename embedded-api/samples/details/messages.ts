import {
  callKeys,
  derivedOtid,
  itemOf,
  returnKeys,
  type ToolReturn,
  type WireItem,
} from '../../rows/items.ts';
import type { NewMessage } from '../../store.ts';
import type { SampleCall } from '../scenarios/scenario.ts';
import type { Actors } from './actors.ts';
import { type Event, replyAfter } from './script.ts';

/** One step of a run while its messages are written. */
export interface StepScene {
  readonly actors: Actors;
  /** Null for what stands outside of all steps. */
  readonly id: string | null;
  /** From 0. */
  readonly at: number;
  /** The events of the steps before. */
  readonly before: readonly Event[];
  /** When a part of the step happened, from 0 (its start) to 1 (its end). */
  readonly stampOf: (part: number) => string;
}

/** An item without what it shares with the others of its message. */
type Part = readonly [type: WireItem['message_type'], own: object];

/** What some messages have: the tool that answers, whether it failed, and the call that hides it. */
interface Own {
  readonly step_id?: null;
  readonly name?: string;
  readonly is_err?: boolean;
  readonly omitted_with?: string;
}

function message(
  { actors, id: step_id, stampOf }: StepScene,
  part: number,
  parts: readonly Part[],
  { omitted_with, ...own }: Own = {},
): NewMessage {
  const [id, run_id, created_at] = [actors.newId('message'), actors.run.id, stampOf(part)];
  const source = { id, run_id, created_at, step_id, ...own };
  const items = parts.map(([type, keys], index) => itemOf(source, type, derivedOtid(id, index), keys));
  return { id, run_id, created_at, items, omitted_with: omitted_with ?? null };
}

/** Of one grey pixel. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==';
const PHOTO = {
  type: 'image',
  source: { type: 'letta', file_id: 'file-photo', media_type: 'image/png', data: PNG, detail: 'low' },
};

/** The request of the customer, sometimes with a photo. */
export function opening(scene: StepScene): NewMessage {
  const { scenario, random } = scene.actors;
  const text = { type: 'text', text: scenario.note, signature: null };
  const content = scenario.hasPhoto && random.chance(0.3) ? [text, PHOTO] : scenario.note;
  return message(scene, 0, [['user_message', { content }]]);
}

/** The messages of one step. */
export function messagesOf(scene: StepScene, event: Event = 'nothing'): NewMessage[] {
  const { actors, at, before } = scene;
  const { scenario, failure } = actors;
  const [first] = scenario.calls;
  const next = lookUp(actors, before.filter((each) => each === 'look-up').length + 1);
  const call = scenario.calls[at] ?? next;
  switch (event) {
    case 'call':
      return callMessages(scene, [call]);
    case 'both calls':
      return callMessages(scene, scenario.calls);
    case 'look-up':
      return callMessages(scene, [next]);
    case 'failing call':
      return callMessages(scene, [first], scenario.error);
    case 'fatal call':
      return callMessages(scene, [first], failure ?? scenario.error);
    case 'wrong call': {
      const [, ...rest] = Object.entries(scenario.approved.arguments);
      const wrong = { ...scenario.approved, arguments: Object.fromEntries(rest) };
      return callMessages(scene, [wrong], failure ?? 'An argument is missing');
    }
    case 'interrupted call':
      return callMessages(scene, [call]).slice(0, 1);
    case 'request':
      return [requestMessage(scene, actors.newCallId())];
    case 'approved call':
    case 'denied call':
      return approvalMessages(scene, event === 'approved call');
    case 'reply':
      return replyMessages(scene, replyAfter(actors, before));
    case 'cut reply':
      return replyMessages(scene, replyAfter(actors, before).slice(0, 40));
    case 'nothing':
    default:
      return [];
  }
}

function lookUp({ scenario }: Actors, page: number): SampleCall {
  const query = { query: scenario.topic, page };
  return { name: 'search_notes', arguments: query, result: `Page ${page}: nothing that helps` };
}

/** How a model shows what it thinks. */
function reasoning({ reasoning: way, random }: Actors, thought: string): Part[] {
  const signature = random.uuid();
  if (way === 'none') return [];
  if (way === 'native')
    return [['reasoning_message', { source: 'reasoner_model', reasoning: thought, signature }]];
  const hidden_reasoning = way === 'redacted' ? signature : null;
  return [['hidden_reasoning_message', { state: way, hidden_reasoning }]];
}

/** A text is an answer, or a thought of an older agent. */
function textOf({ isAnswering }: Actors, text: string): Part {
  if (isAnswering) return ['assistant_message', { content: text }];
  return ['reasoning_message', { source: 'non_reasoner_model', reasoning: text, signature: null }];
}

/** One message with calls, and one with what they return. */
function callMessages(scene: StepScene, calls: readonly SampleCall[], error?: string): NewMessage[] {
  const { actors, at } = scene;
  const { name = '' } = calls[0] ?? {};
  const made = calls.map((call) => ({ id: actors.newCallId(), call }));
  const thought = at === 0 ? actors.scenario.thought : `Next I need ${name}.`;
  const sent = made.map(({ id, call }) => sentCall(id, call));
  const returned = made.map(({ id, call }) => [id, returnOf(call, error)] as const);
  return [
    message(scene, 0.7, [...reasoning(actors, thought), ['tool_call_message', callKeys(sent)]]),
    returnMessage(scene, name, returnKeys(returned), error !== undefined),
  ];
}

/** A call as it is sent. */
function sentCall(tool_call_id: string, { name, arguments: args }: SampleCall): object {
  return { name, arguments: JSON.stringify(args), tool_call_id };
}

function returnOf({ result }: SampleCall, error: string | undefined): ToolReturn {
  return error === undefined ? { tool_return: result } : { tool_return: error, status: 'error' };
}

function returnMessage(scene: StepScene, name: string, keys: object, is_err = false): NewMessage {
  return message(scene, 0.95, [['tool_return_message', keys]], { name, is_err });
}

/** A request for approval. */
function requestMessage(scene: StepScene, id: string): NewMessage {
  const { actors } = scene;
  return message(scene, 0.6, [
    textOf(actors, 'I need your approval for this.'),
    ['approval_request_message', callKeys([sentCall(id, actors.scenario.approved)])],
  ]);
}

/** A request, what a person decided, and what came of it. */
function approvalMessages(scene: StepScene, approve: boolean): NewMessage[] {
  const { scenario, newCallId } = scene.actors;
  const id = newCallId();
  const decision = { approve, reason: approve ? null : scenario.denial };
  const approvals = [{ type: 'approval', tool_call_id: id, ...decision }];
  const own = { approvals, approve, approval_request_id: id, reason: decision.reason };
  const returned = returnOf(scenario.approved, approve ? undefined : `Denied: ${scenario.denial}`);
  return [
    requestMessage(scene, id),
    message(scene, 0.8, [['approval_response_message', own]], { step_id: null }),
    returnMessage(scene, scenario.approved.name, returnKeys([[id, returned]])),
  ];
}

/** Older agents answer by a tool, whose return says nothing. */
function replyMessages(scene: StepScene, text: string): NewMessage[] {
  const { actors } = scene;
  const thought = 'That is all I need for a reply.';
  if (actors.isAnswering) return [message(scene, 0.7, [...reasoning(actors, thought), textOf(actors, text)])];
  const call = message(scene, 0.7, [textOf(actors, thought), ['assistant_message', { content: text }]]);
  const own = { name: 'send_message', omitted_with: call.id };
  const keys = returnKeys([[actors.newCallId(), { tool_return: 'None' }]]);
  return [call, message(scene, 0.95, [['tool_return_message', keys]], own)];
}
