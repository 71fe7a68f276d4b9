import { parseJson } from '../json/parse-json.ts';
import type { Rows } from '../lists/rows.ts';
import type { RunOrder } from '../runs/position.ts';
import type { Run } from '../runs/run.ts';
import type { Body } from './body.ts';
import { decodeRuns } from './decode-run.ts';
import { type ReportDrift, reportDrift } from './drift.ts';

/** The decoded response to one list request. */
export interface RunList {
  /** As objects. */
  readonly rows: readonly Run[];
  /** The same rows, of which no object need exist. */
  readonly page: Rows<Run>;
  /** The orders in which the rows are already known to be strictly sorted. */
  readonly orders: readonly RunOrder[];
  /** How many of the rows stayed text, to be copied; the others were decoded. */
  readonly copied: number;
  /** Reports differences from the release that this version knows. */
  reportDrift(report: ReportDrift): void;
}

/** Reads a list of runs. @throws DecodeError, UpstreamError; SyntaxError for invalid JSON */
export type ReadRunList = (body: Body) => RunList;

/** Reads a list by parsing it. */
export function decodeRunList(body: Body): RunList {
  const json = parseJson(body.toString('utf8'));
  const rows = decodeRuns(json);
  return {
    rows,
    page: rows,
    orders: [],
    copied: 0,
    reportDrift(report) {
      reportDrift(rows, Array.isArray(json) ? json[0] : undefined, report);
    },
  };
}
