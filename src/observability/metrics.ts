import { Registry } from 'prom-client';
import { createSeries, type Readers, type Series } from './series.ts';

/** The metrics of one gateway, in their own registry. */
export interface Metrics {
  readonly registry: Registry;
  /** What records each of them, such as `series.operations.inc({ code: 'OK' })`. */
  readonly series: Series;
  /** Shows what is watched for subscriptions. @param read is called whenever metrics are collected */
  watchLive(read: () => { readonly subscriptions: number; readonly pollers: number }): void;
}

/** Creates the metrics, all of them zero. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const readers: Readers = new Map();
  const series = createSeries(registry, readers);
  // Most gateways have no store, which isn't one that is away.
  series.rate_limit_store_up.remove();
  return {
    registry,
    series,
    watchLive(read) {
      readers.set('subscriptions', (gauge) => gauge.set(read().subscriptions));
      readers.set('pollers', (gauge) => gauge.set(read().pollers));
    },
  };
}
