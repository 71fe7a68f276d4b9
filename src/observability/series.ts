import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { METRIC_NAMES, type MetricName, METRICS, nameOf } from './metric-table.ts';

type Labels<Name extends MetricName> = (typeof METRICS)[Name]['labels'][number];

interface Kinds<Label extends string> {
  readonly counter: Counter<Label>;
  readonly gauge: Gauge<Label>;
  readonly histogram: Histogram<Label>;
}

/** What records each metric of the table, such as `series.operations.inc({ code: 'OK' })`. */
export type Series = {
  readonly [Name in MetricName]: Kinds<Labels<Name>>[(typeof METRICS)[Name]['kind']];
};

/** What sets a gauge whenever metrics are collected, for those that nothing sets as they change. */
export type Readers = Map<MetricName, (gauge: Gauge) => void>;

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Creates all metrics of the table in a registry. */
export function createSeries(registry: Registry, readers: Readers): Series {
  const create = (metric: MetricName): Counter | Gauge | Histogram => {
    const { kind, help, labels } = METRICS[metric];
    const options = { name: nameOf(metric), help, labelNames: [...labels], registers: [registry] };
    if (kind === 'counter') return new Counter(options);
    if (kind === 'histogram') return new Histogram({ ...options, buckets: SECONDS });
    return new Gauge({
      ...options,
      collect() {
        readers.get(metric)?.(this);
      },
    });
  };
  const entries = METRIC_NAMES.map((metric) => [metric, create(metric)]);
  return Object.fromEntries(entries);
}
