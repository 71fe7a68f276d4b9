import type { FieldValues } from '../../src/runs/field.ts';
import type { RUN_FIELDS } from '../../src/runs/run-fields.ts';
import type { WireItem } from './message-items.ts';
import { type New, type Row, RowStore } from './row-store.ts';
import {
  AGENT,
  CONVERSATION,
  MESSAGE,
  ORGANIZATION,
  RUN,
  RUN_EXTRAS,
  STEP,
  STEP_EXTRAS,
} from './wire-format.ts';

type RunField = (typeof RUN_FIELDS)[keyof typeof RUN_FIELDS];
type RunValues = Omit<FieldValues, 'whole number' | 'object'> &
  Readonly<{ 'whole number': number | bigint | null; object: unknown; config: unknown }>;

/** A run as it is stored: the fields that are sent, and the measurements. */
export type Run = {
  readonly [Field in RunField as Field['wire']]: RunValues[Field['kind']];
} & Readonly<{
  status: string;
  organization_id: string;
  num_steps: number | null;
  run_ns: number | bigint | null;
  tools_used: readonly string[] | null;
  lacks_metrics: boolean | null;
  /** The kind of request for which a sample run paused. */
  asks: 'approval' | 'approvals' | 'client tool' | null;
  /** The sample run whose request this run answered. */
  answers: string | null;
  /** The run whose request was denied when this run was cancelled. */
  denies: string | null;
}>;

/** A run with nothing but defaults, which are null where Letta stores nothing. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The tables have all keys.
export const BLANK_RUN = { ...RUN, ...RUN_EXTRAS } as unknown as Run;

export type Step = Row &
  Readonly<{ run_id: string; organization_id: string; step_ns: number | null }> &
  Other;

/** A stored message, of which none, one or several items are sent. */
export interface Message extends Row {
  readonly run_id: string;
  readonly items: readonly WireItem[];
  /** The id of a message that hides this message in a page, as a call of `send_message` hides its return. */
  readonly omitted_with: string | null;
  /** Whether it belongs to the default conversation, though its run may not: a denial by a cancel. */
  readonly is_in_default: boolean | null;
  /** The number of messages that were inserted before, by which Letta sorts them. */
  readonly sequence: number;
}

export type Tool = Readonly<Record<'id' | 'name', string>> & Other;
type ToolRule = Readonly<{ tool_name: string; type: string; prompt_template: null }>;

/** Without a configuration of its model, Letta fails for every list with the agent. */
export type Agent = Row &
  Readonly<{ name: string; organization_id: string; llm_config: object | null; hidden: boolean | null }> &
  Readonly<{ tags: readonly string[]; tools: readonly Tool[]; tool_rules: readonly ToolRule[] }> &
  Readonly<{ agent_type: string | null; message_buffer_autoclear: boolean }> &
  Other;

/** A stored conversation. Conversations without a row, which only runs name, are made from their runs. */
export type ConversationRow = Row &
  Readonly<{ agent_id: string; organization_id: string; last_message_at: string | null }> &
  Readonly<{ summary: string | null }>;

/** All other fields that are sent. */
type Other = Readonly<Record<string, unknown>>;

export type NewRun = New<Run> & Pick<Run, 'agent_id'>;
export type NewStep = New<Step> & Pick<Step, 'run_id'>;
export type NewMessage = New<Message>;
export type NewAgent = New<Agent>;

/** The steps and messages of one run. */
export interface RunDetails {
  readonly steps: readonly NewStep[];
  readonly messages: readonly NewMessage[];
}

/** The part of a UUID that the ids of a sample run, its steps and its messages share. */
const SHARED = /^[a-z]+-([0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-)/;

/** The runs of all organizations, and what belongs to them. */
export class RunStore extends RowStore<Run, NewRun> {
  /** Makes the steps and messages of a sample run, by the shared part of the ids: those of most runs are never read. */
  readonly #undescribed = new Map<string | undefined, () => RunDetails | undefined>();
  readonly agents = new RowStore<Agent>({ ...AGENT, ...ORGANIZATION }, 'organization_id');
  readonly conversations = new RowStore<ConversationRow>(
    { ...CONVERSATION, ...ORGANIZATION },
    'organization_id',
  );
  readonly steps = new RowStore<Step, NewStep>({ ...STEP, ...STEP_EXTRAS }, 'run_id', (id) =>
    this.#describe(id),
  );
  readonly messages = new RowStore<Message>(MESSAGE, 'run_id', (id) => this.#describe(id));
  /** The ids of conversations that are gone; their runs keep the id. */
  readonly deletedConversations = new Set<string>();
  #due: { readonly at: number; readonly apply: () => void }[] = [];

  constructor() {
    super(BLANK_RUN, 'organization_id');
  }

  /** Inserts runs whose steps and messages are made when they are first looked up. */
  insertSamples(runs: readonly NewRun[], describe: (run: Run) => RunDetails): void {
    this.insert(runs);
    for (const { id } of runs) {
      this.#undescribed.set(SHARED.exec(id)?.[1], () => {
        const run = this.find(id);
        return run && describe(run);
      });
    }
  }

  /** Plans a change, which the first request after its time shows. @param at milliseconds since the epoch */
  plan(at: number, apply: () => void): void {
    this.#due.push({ at, apply });
  }

  /** Applies the planned changes that are due. */
  settle(now: Date): void {
    const due = this.#due.filter(({ at }) => at <= now.getTime());
    this.#due = this.#due.filter((change) => !due.includes(change));
    for (const { apply } of due.toSorted((a, b) => a.at - b.at)) apply();
  }

  #describe(id: string): void {
    const key = SHARED.exec(id)?.[1];
    const details = this.#undescribed.get(key)?.();
    if (details === undefined) return;
    this.#undescribed.delete(key);
    this.steps.insert(details.steps);
    this.messages.insert(details.messages);
  }
}
