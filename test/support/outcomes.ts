/** What has become of runs, by stop reason and status, as a person would say it. */
const TABLE = `
  stop_reason                               created     running     completed     failed  cancelled
  null                                      UNFINISHED  UNFINISHED  SUCCEEDED     FAILED  CANCELLED
  end_turn                                  UNFINISHED  UNFINISHED  SUCCEEDED     FAILED  CANCELLED
  tool_rule                                 UNFINISHED  UNFINISHED  SUCCEEDED     FAILED  CANCELLED
  max_steps                                 UNFINISHED  UNFINISHED  CUT_SHORT     FAILED  CANCELLED
  requires_approval                         UNFINISHED  UNFINISHED  PAUSED        FAILED  CANCELLED
  cancelled                                 UNFINISHED  UNFINISHED  CANCELLED     FAILED  CANCELLED
  error                                     UNFINISHED  UNFINISHED  FAILED        FAILED  CANCELLED
  llm_api_error                             UNFINISHED  UNFINISHED  FAILED        FAILED  CANCELLED
  invalid_llm_response                      UNFINISHED  UNFINISHED  FAILED        FAILED  CANCELLED
  invalid_tool_call                         UNFINISHED  UNFINISHED  FAILED        FAILED  CANCELLED
  no_tool_call                              UNFINISHED  UNFINISHED  FAILED        FAILED  CANCELLED
  max_tokens_exceeded                       UNFINISHED  UNFINISHED  FAILED        FAILED  CANCELLED
  insufficient_credits                      UNFINISHED  UNFINISHED  FAILED        FAILED  CANCELLED
  context_window_overflow_in_system_prompt  UNFINISHED  UNFINISHED  FAILED        FAILED  CANCELLED
  newer                                     UNFINISHED  UNFINISHED  UNRECOGNIZED  FAILED  CANCELLED
`;

const [[, ...STATUSES] = [], ...ROWS] = TABLE.trim()
  .split('\n')
  .map((line) => line.trim().split(/ +/));

/** Every status with every stop reason and without one, and the outcome. */
export const OUTCOMES = ROWS.flatMap(([reason = '', ...outcomes]) =>
  outcomes.map((outcome, at) => ({ status: STATUSES[at] ?? '', stop_reason: reason, outcome })),
);

/** The outcome of a run on the wire. */
export function outcomeOf({ status, stop_reason }: { status: string; stop_reason: string | null }): string {
  const isKnown = OUTCOMES.some((each) => each.stop_reason === String(stop_reason));
  const reason = isKnown ? String(stop_reason) : 'newer';
  const found = OUTCOMES.find((each) => each.status === status && each.stop_reason === reason);
  return found?.outcome ?? 'UNRECOGNIZED';
}
