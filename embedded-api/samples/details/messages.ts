import {
  callKeys,
  messageOf,
  type Part,
  returnKeys,
  type Source,
  type WireCall,
} from '../../store/message-items.ts';
import type { NewMessage } from '../../store/run-store.ts';
import { timestampOf } from '../../store/timestamps.ts';
import { requestedBy } from '../requests.ts';
import type { SampleCall } from '../scenarios/scenario.ts';
import type { StepTimes } from './run-details.ts';
import type { Traits } from './run-traits.ts';
import type { Answer, Event } from './step-events.ts';

/** One step of a run while its messages are written. */
interface StepTraits extends Traits {
  readonly id: string;
  /** The number of the step in its run, from 0. */
  readonly at: number;
  /** The answer that the run began with, if any, and the events of the steps before. */
  readonly before: readonly (Answer | Event)[];
  readonly times: StepTimes;
}

/** A message of a step, stored when a part of the step happened. */
function ofStep(traits: StepTraits, at: keyof StepTimes, parts: readonly Part[], source: Source = {}) {
  return messageOf(traits, timestampOf(traits.times[at]), parts, { step_id: traits.id, ...source });
}

/** A picture of one grey pixel. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==';
const PHOTO = {
  type: 'image',
  source: { type: 'letta', file_id: 'file-photo', media_type: 'image/png', data: PNG, detail: 'low' },
};

/** The request of the customer, sometimes with a photo. It stands outside of all steps. */
export function opening(traits: Traits, created_at: string): NewMessage {
  const { scenario, random } = traits;
  const text = { type: 'text', text: scenario.note, signature: null };
  const content = scenario.hasPhoto && random.chance(0.3) ? [text, PHOTO] : scenario.note;
  return messageOf(traits, created_at, [['user_message', { content }]]);
}

/** Returns the messages that a step stores for its event. */
export function messagesOf(traits: StepTraits, event: Event): NewMessage[] {
  const { scenario, at, before, failure, run } = traits;
  const [first, second] = scenario.calls;
  const page = before.filter((each) => each === 'look-up').length + 1;
  const result = `Page ${page}: nothing that helps`;
  const lookUp = { name: 'search_notes', arguments: { query: scenario.topic, page }, result };
  const call = at === 0 ? first : at === 1 ? second : lookUp;
  // A model that calls a tool wrongly leaves out its first argument, and the run fails by that.
  const isWrong = run.stop_reason === 'invalid_tool_call';
  const [, ...known] = Object.entries(first.arguments);
  const failing = isWrong ? { ...first, arguments: Object.fromEntries(known) } : first;
  const messages: Readonly<Record<Event, () => NewMessage[]>> = {
    call: () => callMessages(traits, call),
    'look-up': () => callMessages(traits, lookUp),
    'failing call': () => callMessages(traits, failing, (isWrong && failure) || scenario.error),
    'interrupted call': () => callMessages(traits, call).slice(0, 1),
    request: () => [requestMessage(traits)],
    reply: () => replyMessages(traits, replyAfter(traits)),
    'cut reply': () => replyMessages(traits, replyAfter(traits).slice(0, 40)),
    nothing: () => [],
  };
  return messages[event]();
}

/** Returns the reply of the agent after the events before. */
function replyAfter({ scenario: { replies }, before }: StepTraits): string {
  if (before.includes('failing call')) return replies.failed;
  if (before.length === 0) return replies.question;
  if (before.includes('approved')) return replies.approved;
  if (before.includes('denied')) return replies.denied;
  return replies.done;
}

/** Returns the reasoning of a model, in the way of the run. */
function reasoning({ reasoning: way, random }: Traits, thought: string): Part[] {
  const signature = random.uuid();
  if (way === 'none') return [];
  if (way === 'native')
    return [['reasoning_message', { source: 'reasoner_model', reasoning: thought, signature }]];
  const hidden_reasoning = way === 'redacted' ? signature : null;
  return [['hidden_reasoning_message', { state: way, hidden_reasoning }]];
}

/** A text is an answer, or a thought of an older agent. */
function textOf({ isAnswering }: Traits, text: string): Part {
  if (isAnswering) return ['assistant_message', { content: text }];
  return ['reasoning_message', { source: 'non_reasoner_model', reasoning: text, signature: null }];
}

function sentCall(tool_call_id: string, { name, arguments: args }: SampleCall): WireCall {
  return { name, arguments: JSON.stringify(args), tool_call_id };
}

/** Returns a message with a tool call, and a message with its result. */
function callMessages(traits: StepTraits, call: SampleCall, error?: string): NewMessage[] {
  const { name } = call;
  const id = traits.newCallId();
  const thought = traits.at === 0 ? traits.scenario.thought : `Next I need ${name}.`;
  const is_err = error !== undefined;
  return [
    ofStep(traits, 'answered', [
      ...reasoning(traits, thought),
      ['tool_call_message', callKeys(sentCall(id, call))],
    ]),
    ofStep(traits, 'returned', [['tool_return_message', returnKeys(id, error ?? call.result, is_err)]], {
      name,
      is_err,
    }),
  ];
}

/** A request for approval, or for a client's tool. */
function requestMessage(traits: StepTraits): NewMessage {
  const calls = requestedBy(traits.run).map((call) => sentCall(traits.newCallId(), call));
  const text = traits.run.asks === 'client tool' ? 'Let me look.' : 'I need your approval for this.';
  return ofStep(traits, 'asked', [textOf(traits, text), ['approval_request_message', callKeys(...calls)]]);
}

/** Older agents answer by a tool, whose return says nothing. */
function replyMessages(traits: StepTraits, text: string): NewMessage[] {
  const thought = 'That is all I need for a reply.';
  if (traits.isAnswering)
    return [ofStep(traits, 'answered', [...reasoning(traits, thought), textOf(traits, text)])];
  const reply: Part = ['assistant_message', { content: text }];
  const call = ofStep(traits, 'answered', [textOf(traits, thought), reply]);
  const returned = returnKeys(traits.newCallId(), 'None', false);
  const source = { name: 'send_message', omitted_with: call.id };
  return [call, ofStep(traits, 'returned', [['tool_return_message', returned]], source)];
}
