import { callKeys, decisionKeys, derivedOtid, itemOf, returnKeys, type WireItem } from '../../rows/items.ts';
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
type Own = Partial<{ step_id: null; name: string; is_err: boolean; omitted_with: string }>;

/** @param part of the step at which it is stored */
function message(scene: StepScene, part: number, parts: readonly Part[], own: Own = {}): NewMessage {
  const { actors, id: step_id, stampOf } = scene;
  const source = { id: actors.newId('message'), run_id: actors.run.id, created_at: stampOf(part) };
  const items = parts.map(([type, keys], index) =>
    itemOf({ ...source, step_id, ...own }, type, derivedOtid(source.id, index), keys),
  );
  return { ...source, items, omitted_with: own.omitted_with ?? null };
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
  const page = before.filter((each) => each === 'look-up').length + 1;
  const result = `Page ${page}: nothing that helps`;
  const lookUp = { name: 'search_notes', arguments: { query: scenario.topic, page }, result };
  const call = scenario.calls[at] ?? lookUp;
  const [, ...known] = Object.entries(scenario.approved.arguments);
  const wrong = { ...scenario.approved, arguments: Object.fromEntries(known) };
  const messages: Readonly<Record<Event, () => NewMessage[]>> = {
    call: () => callMessages(scene, [call]),
    'both calls': () => callMessages(scene, scenario.calls),
    'look-up': () => callMessages(scene, [lookUp]),
    'failing call': () => callMessages(scene, [first], scenario.error),
    'fatal call': () => callMessages(scene, [first], failure ?? scenario.error),
    'wrong call': () => callMessages(scene, [wrong], failure ?? 'An argument is missing'),
    'interrupted call': () => callMessages(scene, [call]).slice(0, 1),
    request: () => [requestMessage(scene, actors.newCallId())],
    'approved call': () => approvalMessages(scene, true),
    'denied call': () => approvalMessages(scene, false),
    reply: () => replyMessages(scene, replyAfter(actors, before)),
    'cut reply': () => replyMessages(scene, replyAfter(actors, before).slice(0, 40)),
    nothing: () => [],
  };
  return messages[event]();
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

/** A call as it is sent. */
function sentCall(tool_call_id: string, { name, arguments: args }: SampleCall): object {
  return { name, arguments: JSON.stringify(args), tool_call_id };
}

/** One message with calls, and one with what they return. */
function callMessages(scene: StepScene, calls: readonly SampleCall[], error?: string): NewMessage[] {
  const { actors, at } = scene;
  const { name = '' } = calls[0] ?? {};
  const made = calls.map((call) => ({ id: actors.newCallId(), call }));
  const thought = at === 0 ? actors.scenario.thought : `Next I need ${name}.`;
  const sent = callKeys(made.map(({ id, call }) => sentCall(id, call)));
  const returned = returnKeys(made.map(({ id, call }) => [id, error ?? call.result, error !== undefined]));
  return [
    message(scene, 0.7, [...reasoning(actors, thought), ['tool_call_message', sent]]),
    message(scene, 0.95, [['tool_return_message', returned]], { name, is_err: error !== undefined }),
  ];
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
function approvalMessages(scene: StepScene, isApproved: boolean): NewMessage[] {
  const { scenario, newCallId } = scene.actors;
  const { name, result } = scenario.approved;
  const id = newCallId();
  const returned = returnKeys([[id, isApproved ? result : `Denied: ${scenario.denial}`, !isApproved]]);
  const decision: Part = ['approval_response_message', decisionKeys(id, isApproved ? null : scenario.denial)];
  return [
    requestMessage(scene, id),
    message(scene, 0.8, [decision], { step_id: null }),
    message(scene, 0.95, [['tool_return_message', returned]], { name }),
  ];
}

/** Older agents answer by a tool, whose return says nothing. */
function replyMessages(scene: StepScene, text: string): NewMessage[] {
  const { actors } = scene;
  const thought = 'That is all I need for a reply.';
  if (actors.isAnswering) return [message(scene, 0.7, [...reasoning(actors, thought), textOf(actors, text)])];
  const call = message(scene, 0.7, [textOf(actors, thought), ['assistant_message', { content: text }]]);
  const returned = returnKeys([[actors.newCallId(), 'None', false]]);
  const own = { name: 'send_message', omitted_with: call.id };
  return [call, message(scene, 0.95, [['tool_return_message', returned]], own)];
}
