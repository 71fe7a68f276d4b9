import { UpstreamError } from '../errors/upstream-error.ts';
import { IDS } from '../runs/ids.ts';
import type { Run } from '../runs/run.ts';
import type { RunsSource } from '../runs/runs-source.ts';
import type { Approvals } from './approvals.ts';

/** Receives failures of the upstream, for the log. */
export type Report = (failure: UpstreamError) => void;

/** How runs are read and changed. */
export interface ChangeSources {
  readonly source: RunsSource;
  readonly approvals: Approvals;
  readonly report: Report;
}

/** A run, null if there is none, or the error if it could not be read. */
export type Found = Run | null | UpstreamError;

/** Reads a run. A text that isn't the id of a run takes no request. */
export async function readRun(id: string, source: RunsSource, report: Report): Promise<Found> {
  return IDS.run.pattern.test(id) ? readOr(source.retrieve('run', id), report) : null;
}

/** Returns what is read, or reports and returns why it can't be read. */
export async function readOr<T>(read: Promise<T>, report: Report): Promise<T | UpstreamError> {
  return read.catch((error: unknown) => {
    if (!(error instanceof UpstreamError)) throw error;
    report(error);
    return error;
  });
}

export function isFailure(found: unknown): found is UpstreamError {
  return found instanceof UpstreamError;
}
