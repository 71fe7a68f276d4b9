/** What the tests know of steps and messages, from observing Letta 0.16.7. Nothing here comes from `src`. */

/** What the tests read of a step as it is sent. */
export interface WireStep {
  readonly id: string;
  readonly run_id: string;
  readonly agent_id: string;
  readonly completion_tokens: number;
  readonly prompt_tokens: number;
  readonly total_tokens: number;
  readonly tags: readonly string[];
  readonly messages: readonly [];
  readonly status: string | null;
}

/** What the tests read of an item as it is sent. */
export interface WireItem {
  readonly id: string;
  readonly date: string;
  readonly message_type: string;
  readonly otid: string | null;
  readonly step_id: string | null;
  readonly is_err: true | null;
  readonly run_id: string;
}
