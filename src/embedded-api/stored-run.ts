/**
 * How list cursors are read. `reversed`: `before=X` keeps the rows that follow X in list order, `after=X` those
 * that precede it (Letta 0.14.0 to 0.16.7). `documented`: the other way round, as the API reference says.
 */
export type CursorDialect = 'reversed' | 'documented';

/** One run as the store takes it. The names are the wire's. Timestamps without a zone are UTC. */
export interface StoredRun {
  id: string;
  /** One of the five run statuses; other texts are kept as they are and make Letta refuse the row. */
  status: string;
  /** Any RFC 3339 timestamp; digits past the microsecond are dropped. */
  created_at: string;
  completed_at: string | null;
  agent_id: string;
  conversation_id: string | null;
  base_template_id: string | null;
  background: boolean | null;
  /** An object or null; anything else is stored and makes Letta refuse the row. */
  metadata: unknown;
  /** An object or null. Keys that are missing are filled with Letta's defaults on the way out. */
  request_config: unknown;
  stop_reason: string | null;
  callback_url: string | null;
  callback_sent_at: string | null;
  callback_status_code: number | null;
  callback_error: string | null;
  ttft_ns: number | null;
  total_duration_ns: number | null;
  /** `run_metrics.run_ns`: lists show it in place of `total_duration_ns`, a single run does not. */
  run_ns: number | null;
  /** `run_metrics.num_steps`. */
  num_steps: number | null;
  organization_id: string;
}

/** What an insert needs; the rest has defaults: status `created`, the default organization, otherwise null. */
export type NewRun = Partial<StoredRun> & Pick<StoredRun, 'id' | 'agent_id' | 'created_at'>;

/** A run as SQLite returns it: timestamps normalised, JSON as text, whole numbers as exact bigints. */
export interface RunRow {
  readonly id: string;
  readonly status: string;
  readonly created_at: string;
  readonly completed_at: string | null;
  readonly agent_id: string;
  readonly conversation_id: string | null;
  readonly base_template_id: string | null;
  readonly background: bigint | null;
  readonly metadata: string | null;
  readonly request_config: string | null;
  readonly stop_reason: string | null;
  readonly callback_url: string | null;
  readonly callback_sent_at: string | null;
  readonly callback_status_code: bigint | null;
  readonly callback_error: string | null;
  readonly ttft_ns: bigint | null;
  readonly total_duration_ns: bigint | null;
  readonly run_ns: bigint | null;
  readonly num_steps: bigint | null;
  readonly organization_id: string;
}
