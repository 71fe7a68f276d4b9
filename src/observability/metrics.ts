import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { METRIC_NAMES, type MetricName, METRICS, nameOf } from './metric-table.ts';

type Labels<Name extends MetricName> = (typeof METRICS)[Name]['labels'][number];

interface Kinds<Label extends string> {
  readonly counter: Counter<Label>;
  readonly gauge: Gauge<Label>;
  readonly histogram: Histogram<Label>;
}

/** The objects that record each metric of the table, such as `series.operations.inc({ code: 'OK' })`. */
export type Series = {
  readonly [Name in MetricName]: Kinds<Labels<Name>>[(typeof METRICS)[Name]['kind']];
};

/** The buckets of histograms, in seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export type Metrics = Readonly<ReturnType<typeof createMetrics>>;

/** Creates the metrics of one gateway in their own registry, all of them zero. */
export function createMetrics() {
  const registry = new Registry();
  const readers = new Map<MetricName, () => number>();
  const create = (metric: MetricName): Counter | Gauge | Histogram => {
    const { kind, help, labels } = METRICS[metric];
    const options = { name: nameOf(metric), help, labelNames: [...labels], registers: [registry] };
    if (kind === 'counter') return new Counter(options);
    if (kind === 'histogram') return new Histogram({ ...options, buckets: BUCKETS });
    return new Gauge({
      ...options,
      collect() {
        const read = readers.get(metric);
        if (read !== undefined) this.set(read());
      },
    });
  };
  const entries = METRIC_NAMES.map((metric) => [metric, create(metric)]);
  const series: Series = Object.fromEntries(entries);
  // Most gateways have no store, and 0 would mean that it doesn't answer.
  series.rate_limit_store_up.remove();
  return {
    registry,
    series,
    /** Sets a gauge from now on. @param read called whenever metrics are collected */
    watch: (gauge: MetricName, read: () => number): void => void readers.set(gauge, read),
  };
}
