import type { FieldValues } from '../src/runs/field.ts';
import type { RUN_FIELDS } from '../src/runs/run-fields.ts';
import type { WireItem } from './rows/items.ts';
import { AGENT, MESSAGE, ORGANIZATION, RUN, RUN_EXTRAS, STEP, STEP_EXTRAS } from './rows/kinds.ts';
import { type New, type Row, Rows } from './rows/rows.ts';

type RunField = (typeof RUN_FIELDS)[keyof typeof RUN_FIELDS];
type RunValues = Omit<FieldValues, 'whole number' | 'object'> &
  Readonly<{ 'whole number': number | bigint | null; object: unknown; config: unknown }>;

/** A run as it is stored: what is sent, and what is measured. */
export type Run = {
  readonly [Field in RunField as Field['wire']]: RunValues[Field['kind']];
} & Readonly<{
  status: string;
  organization_id: string;
  num_steps: number | null;
  run_ns: number | bigint | null;
  tools_used: readonly string[] | null;
  lacks_metrics: boolean | null;
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
  /** The id of a message beside which this one isn't sent, as the return of `send_message` beside its call. */
  readonly omitted_with: string | null;
  /** How many messages were there before, by which Letta lists them. */
  readonly sequence: number;
}

/** Without a configuration of its model, Letta fails for every list with the agent. */
export type Agent = Row &
  Readonly<{ name: string; organization_id: string; llm_config: object | null; hidden: boolean | null }> &
  Readonly<{ tags: readonly string[] }> &
  Other;

/** Whatever else is sent. */
type Other = Readonly<Record<string, unknown>>;

export type NewRun = New<Run> & Pick<Run, 'agent_id'>;
export type NewStep = New<Step> & Pick<Step, 'run_id'>;
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
  /** Makes the steps and messages of a sample run, by the shared part of the ids: most runs are never looked into. */
  readonly #undescribed = new Map<string | undefined, () => RunDetails | undefined>();
  readonly agents = new Rows<Agent>({ ...AGENT, ...ORGANIZATION }, 'organization_id');
  readonly steps = new Rows<Step, NewStep>({ ...STEP, ...STEP_EXTRAS }, 'run_id', (id) => this.#describe(id));
  readonly messages = new Rows<Message>(MESSAGE, 'run_id', (id) => this.#describe(id));

  constructor() {
    super(BLANK_RUN, 'organization_id');
  }

  /** Inserts runs whose steps and messages are made when somebody first looks for them. */
  insertSamples(runs: readonly NewRun[], describe: (run: Run) => RunDetails): void {
    this.insert(runs);
    for (const { id } of runs) {
      this.#undescribed.set(SHARED.exec(id)?.[1], () => {
        const run = this.find(id);
        return run && describe(run);
      });
    }
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
