import * as fc from 'fast-check';
import { detailRunId } from './details-upstream.ts';
import {
  approvals,
  contentFields,
  type Fields,
  json,
  maybe,
  text,
  toolCalls,
  toolReturns,
} from './message-values.ts';

/** One message as the API sends it, and as the gateway should show it, but for its id. */
interface ModelMessage {
  readonly wire: unknown;
  readonly shown: Readonly<Record<string, unknown>>;
}

/** A stored message: the API makes one or several messages of it, all with its id. */
export type StoredMessage = readonly ModelMessage[];

export const RUN_ID = detailRunId(0);
const STEP_IDS = ['step-1', 'step-2', 'step-3'] as const;

/** The kinds, each with its type in GraphQL and its own fields. */
const KINDS: Readonly<Record<string, readonly [type: string, fields: fc.Arbitrary<Fields>]>> = {
  system_message: ['RunSystemMessage', contentFields],
  user_message: ['RunUserMessage', contentFields],
  assistant_message: ['RunAssistantMessage', contentFields],
  reasoning_message: [
    'RunReasoningMessage',
    fc
      .record({
        reasoning: text,
        source: fc.constantFrom('reasoner_model', 'non_reasoner_model'),
        signature: maybe(text),
      })
      .map((wire) => ({ wire, shown: { ...wire, source: wire.source.toUpperCase() } })),
  ],
  hidden_reasoning_message: [
    'RunHiddenReasoningMessage',
    fc
      .record({ state: fc.constantFrom('redacted', 'omitted'), hidden_reasoning: maybe(text) })
      .map((wire) => ({
        wire,
        shown: { state: wire.state.toUpperCase(), hiddenReasoning: wire.hidden_reasoning },
      })),
  ],
  tool_call_message: ['RunToolCallMessage', toolCalls],
  tool_return_message: ['RunToolReturnMessage', toolReturns],
  approval_request_message: ['RunApprovalRequestMessage', toolCalls],
  approval_response_message: ['RunApprovalResponseMessage', approvals],
  summary_message: [
    'RunSummaryMessage',
    fc.tuple(text, maybe(json)).map(([summary, stats]) => ({
      wire: { summary, compaction_stats: stats },
      shown: { summary, compactionStats: stats },
    })),
  ],
  event_message: [
    'RunEventMessage',
    json.map((data) => ({
      wire: { event_type: 'compaction', event_data: data },
      shown: { eventType: 'compaction', eventData: data },
    })),
  ],
};

export const MESSAGE_TYPES: readonly string[] = Object.keys(KINDS).map((kind) => kind.toUpperCase());

interface Common {
  readonly date: string;
  readonly name: string | null;
  readonly otid: string | null;
  readonly sender_id: string | null;
  readonly step_id: string | null;
  readonly is_err: true | null;
}

const common: fc.Arbitrary<Common> = fc.record({
  date: fc.integer({ min: 0, max: 59 }).map((s) => `2026-01-01T00:00:${String(s).padStart(2, '0')}+00:00`),
  name: maybe(text),
  otid: maybe(fc.uuid()),
  sender_id: maybe(fc.constant('agent-1')),
  step_id: maybe(fc.constantFrom(...STEP_IDS)),
  is_err: fc.constantFrom(true as const, null),
});

function shownOf({ date, name, otid, sender_id, step_id, is_err }: Common): Fields['shown'] {
  return { date, name, otid, senderId: sender_id, runId: RUN_ID, stepId: step_id, isError: is_err === true };
}

/** A message of a stored one: of a known kind, of a newer one, or of a form that no release sends. */
function messageOf(id: string): fc.Arbitrary<ModelMessage> {
  const known = fc.constantFrom(...Object.entries(KINDS)).chain(([kind, [type, fields]]) =>
    fc.tuple(common, fields, fc.boolean()).map(([some, own, isExtended]) => ({
      wire: {
        id,
        ...some,
        message_type: kind,
        seq_id: null,
        run_id: RUN_ID,
        ...own.wire,
        ...(isExtended && { of_the_future: { n: 1 } }),
      },
      shown: {
        __typename: type,
        messageId: id,
        messageType: kind.toUpperCase(),
        ...shownOf(some),
        ...own.shown,
      },
    })),
  );
  const newer = common.map((some) => {
    const wire = { id, ...some, message_type: 'dream_message', run_id: RUN_ID, dream: ['x', 1] };
    return { wire, shown: { ...unrecognized(id, wire), ...shownOf(some) } };
  });
  const broken = common.map((some) => {
    const wire = {
      id,
      ...some,
      name: 5,
      message_type: 'tool_call_message',
      run_id: RUN_ID,
      tool_call: 'f()',
    };
    const shown = {
      ...unrecognized(id, wire),
      messageType: 'TOOL_CALL_MESSAGE',
      ...shownOf(some),
      name: null,
    };
    return { wire, shown };
  });
  return fc.oneof({ weight: 12, arbitrary: known }, newer, broken);
}

function unrecognized(messageId: string | null, raw: unknown): Fields['shown'] {
  return { __typename: 'RunUnrecognizedMessage', messageId, messageType: 'UNRECOGNIZED', raw };
}

const NOTHING = {
  date: null,
  name: null,
  otid: null,
  senderId: null,
  runId: null,
  stepId: null,
  isError: false,
};

/** An item that has no id at all. */
const anonymous = fc
  .constantFrom<unknown>({}, { message_type: 'dream_message' })
  .map((raw): StoredMessage => [{ wire: raw, shown: { ...unrecognized(null, raw), ...NOTHING } }]);

/** Stored messages of one run, oldest first. */
export function storedMessages(size: {
  minLength?: number;
  maxLength: number;
}): fc.Arbitrary<StoredMessage[]> {
  const stored = fc
    .uuid()
    .chain((uuid) => fc.array(messageOf(`message-${uuid}`), { minLength: 1, maxLength: 4 }));
  return fc.uniqueArray(fc.oneof({ weight: 20, arbitrary: stored }, anonymous), {
    ...size,
    size: 'max',
    // Each stored message has an id of its own; what has none is never the same.
    selector: ([first]) => first?.shown['messageId'] ?? Symbol(),
  });
}

/** A message with its id, as the gateway should show it. */
export type ShownMessage = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly messageType: string;
  readonly stepId: string | null;
};

/** What the gateway should make of a run's stored messages. */
export function shownMessages(stored: readonly StoredMessage[]): readonly ShownMessage[] {
  const positions = stored.flatMap((message) => message.map((_, part) => part));
  return stored.flat().map(({ shown }, index): ShownMessage => {
    const { messageId, messageType, stepId } = shown as unknown as ShownMessage & {
      messageId: string | null;
    };
    const id = messageId === null ? `${RUN_ID}:${index}` : `${messageId}:${positions[index]}`;
    return { ...shown, id, messageType, stepId };
  });
}
