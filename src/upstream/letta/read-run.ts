import { UpstreamError } from '../../errors/upstream-error.ts';
import { IGNORED_METRICS_FIELDS, METRICS_FIELDS } from '../../runs/detail-fields.ts';
import type { RunMetrics, RunStep } from '../../runs/details.ts';
import type { Run } from '../../runs/run.ts';
import { decodeMetrics, decodeStep } from '../../wire/decode-details.ts';
import { decodeRun } from '../../wire/decode-run.ts';
import { driftReporter, type ReportDrift } from '../../wire/drift.ts';
import { decoded } from './decoded.ts';

/** Reads the run with an id. @throws UpstreamError for anything else */
export function readRun(json: unknown, id: string): Run {
  const run = decoded(() => decodeRun(json));
  if (run.id === id) return run;
  throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', `Expected the run ${id}, but got ${run.id}`);
}

/** Reads the step with an id. @throws UpstreamError for anything else */
export function readStep(json: unknown, id: string): RunStep {
  const step = decoded(() => decodeStep(json));
  if (step.id === id) return step;
  throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', `Expected the step ${id}, but got ${step.id}`);
}

const reportMetricsDrift = driftReporter(METRICS_FIELDS, IGNORED_METRICS_FIELDS);

/** Reads the metrics of a run. @throws UpstreamError for anything else */
export function readMetrics(json: unknown, report: ReportDrift): RunMetrics {
  const metrics = decoded(() => decodeMetrics(json));
  reportMetricsDrift(json, report);
  return metrics;
}

/** Reads a page of a list. @throws UpstreamError for anything else */
export function readRows(json: unknown): readonly unknown[] {
  if (Array.isArray(json)) return json;
  throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', 'Expected a list');
}
