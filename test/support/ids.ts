const idOf = (kind: string) => (number: number) =>
  `${kind}-00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** Ids of runs and agents by their numbers, as REST writes ids. */
export const runId = idOf('run');
export const agentId = idOf('agent');

/** Ids in another order than that of their numbers, in which tests create the runs. */
export const mixedRunId = (number: number): string => runId((number * 7919) % 1_000_003);
