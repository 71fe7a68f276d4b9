import type { RunMetrics } from '../../runs/details.ts';
import { builder } from '../builder.ts';

export const RunMetricsRef = builder.objectRef<RunMetrics>('RunMetrics');

RunMetricsRef.implement({
  description: 'Measurements of a run as a whole.',
  fields: (t) => ({
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the run started, to the nanosecond (REST: `run_start_ns`).',
    }),
    durationNs: t.expose('durationNs', {
      type: 'Nanoseconds',
      nullable: true,
      description: 'How long the run took, in nanoseconds; null until it has ended (REST: `run_ns`).',
    }),
    stepCount: t.exposeInt('stepCount', {
      nullable: true,
      description: 'The number of steps that were counted when the run ended (REST: `num_steps`).',
    }),
    toolIds: t.exposeIDList('toolIds', {
      nullable: true,
      description: 'The ids of the tools that were called (REST: `tools_used`).',
    }),
  }),
});
