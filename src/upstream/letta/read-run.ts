import type { RunStep } from '../../runs/details.ts';
import { UpstreamError } from '../../runs/errors.ts';
import type { Run } from '../../runs/run.ts';
import { decodeStep } from '../../wire/decode-details.ts';
import { decodeRun } from '../../wire/decode-run.ts';
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
