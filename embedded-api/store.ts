import type { FieldValues } from '../src/runs/field.ts';
import type { RUN_FIELDS } from '../src/runs/run-fields.ts';
import type { WireItem } from './rows/items.ts';
import { AGENT, MESSAGE, RUN, STEP } from './rows/kinds.ts';
import { type New, type Row, Rows } from './rows/rows.ts';

interface RunValues extends Omit<FieldValues, 'whole number' | 'object'> {
  readonly 'whole number': number | bigint | null;
  readonly object: unknown;
  readonly config: unknown;
}

type RunField = (typeof RUN_FIELDS)[keyof typeof RUN_FIELDS];

/** A run as it is stored: what is sent, and what is measured. */
export type Run = { readonly [Field in RunField as Field['wire']]: RunValues[Field['kind']] } & {
  readonly status: string;
  readonly organization_id: string;
  readonly num_steps: number | null;
  readonly run_ns: number | bigint | null;
  readonly tools_used: readonly string[] | null;
  readonly lacks_metrics: boolean | null;
};

export interface Step extends Row {
  readonly run_id: string;
  readonly organization_id: string;
  readonly step_ns: number | null;
  readonly [key: string]: unknown;
}

/** A stored message, of which none, one or several items are sent. */
export interface Message extends Row {
  readonly run_id: string;
  readonly items: readonly WireItem[];
  /** The id of a message beside which this one isn't sent, as the return of `send_message` beside its call. */
  readonly omitted_with: string | null;
  /** By which Letta lists messages, of all runs. */
  readonly sequence: number;
}

/** Without a configuration of its model, Letta fails for every list with the agent. */
export interface Agent extends Row {
  readonly name: string;
  readonly organization_id: string;
  readonly tags: readonly string[];
  readonly llm_config: object | null;
  readonly hidden: boolean | null;
  readonly [key: string]: unknown;
}

export type NewRun = New<Run> & Pick<Run, 'agent_id'>;
export type NewStep = Partial<Step> & Pick<Step, 'id' | 'created_at' | 'run_id'>;
export type NewMessage = New<Message>;
export type NewAgent = New<Agent>;

/** What happened in one run. */
export interface RunDetails {
  readonly steps: readonly NewStep[];
  readonly messages: readonly NewMessage[];
}

/** The part of a UUID that the ids of a sample run, its steps and its messages share. */
const SHARED = /^[a-z]+-([0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-)/;

/** The runs of all organizations, and what belongs to them. */
export class RunStore extends Rows<Run, NewRun> {
  readonly #undescribed = new Map<string | undefined, () => RunDetails | undefined>();
  readonly steps = new Rows<Step, NewStep>(STEP, (id) => this.#describe(id));
  readonly messages = new Rows<Message>(MESSAGE, (id) => this.#describe(id));
  readonly agents = new Rows<Agent>(AGENT);

  constructor() {
    super(RUN);
  }

  /** Has what happened in a run made from its row, when somebody first looks for it. */
  describeLater(runId: string, describe: (run: Run) => RunDetails): void {
    this.#undescribed.set(SHARED.exec(runId)?.[1], () => {
      const run = this.find(runId);
      return run && describe(run);
    });
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
