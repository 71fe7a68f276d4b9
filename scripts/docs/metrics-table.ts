import { METRIC_NAMES, METRICS, nameOf } from '../../src/observability/metric-table.ts';
import { markdownTable } from './markdown-table.ts';

/** Returns the table of all metrics of a gateway. */
export function metrics(): string {
  return markdownTable(
    ['metric', 'kind', 'labels', 'what it shows'],
    METRIC_NAMES.map((metric) => {
      const { kind, help, labels } = METRICS[metric];
      return [`\`${nameOf(metric)}\``, kind, labels.map((label) => `\`${label}\``).join(', '), help];
    }),
  );
}
