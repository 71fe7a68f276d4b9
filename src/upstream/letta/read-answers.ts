import { UpstreamError } from '../../errors/upstream-error.ts';
import type { Agent } from '../../runs/agent.ts';
import {
  IGNORED_METRICS_FIELDS,
  IGNORED_TIMING_FIELDS,
  METRICS_FIELDS,
  TIMING_FIELDS,
} from '../../runs/detail-fields.ts';
import type { RunPartName, RunParts } from '../../runs/source.ts';
import { decodeAgent } from '../../wire/decode-agent.ts';
import { decodeMetrics, decodeTiming } from '../../wire/decode-details.ts';
import { type DriftReporter, driftReporter, reportAgentDrift, type ReportDrift } from '../../wire/drift.ts';
import { decoded } from '../../wire/json-fields.ts';

/** Reads what was looked up by its id; null if there is none. @throws UpstreamError for anything else */
export function readIdentified<Thing extends { readonly id: string }>(
  json: unknown,
  id: string,
  decode: (json: unknown) => Thing,
): Thing | null {
  if (json === undefined) return null;
  const thing = decoded(() => decode(json));
  if (thing.id === id) return thing;
  throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', `Expected ${id}, but got ${thing.id}`);
}

/** Reads the agent with an id; null if there is none. @throws UpstreamError for anything else */
export function readAgent(json: unknown, id: string, report: ReportDrift): Agent | null {
  const agent = readIdentified(json, id, decodeAgent);
  reportAgentDrift(json, report);
  return agent;
}

/** Reads a list of agents. @throws UpstreamError for anything else */
export function readAgents(json: unknown, report: ReportDrift): readonly Agent[] {
  const rows = readRows(json, () => 'The list of agents answered 404');
  const agents = decoded(() => rows.map((row, index) => decodeAgent(row, index)));
  if (rows.length > 0) reportAgentDrift(rows[0], report);
  return agents;
}

/** Returns how a part of a run that is no list is read; null if there is none. @throws UpstreamError for anything else */
function readerOf<Part>(decode: (json: unknown) => Part, reportDrift: DriftReporter) {
  return (json: unknown, report: ReportDrift): Part | null => {
    if (json === undefined) return null;
    const part = decoded(() => decode(json));
    reportDrift(json, report);
    return part;
  };
}

/** How the parts of a run that are no lists are read. */
export const PART_READERS: {
  readonly [Name in RunPartName]: (json: unknown, report: ReportDrift) => RunParts[Name] | null;
} = {
  metrics: readerOf(decodeMetrics, driftReporter(METRICS_FIELDS, IGNORED_METRICS_FIELDS)),
  timing: readerOf(decodeTiming, driftReporter(TIMING_FIELDS, IGNORED_TIMING_FIELDS)),
};

/**
 * Reads a page of a list.
 *
 * @param missing returns what a 404 means, for the log
 * @throws UpstreamError for anything else
 */
export function readRows(json: unknown, missing: () => string): readonly unknown[] {
  if (Array.isArray(json)) return json;
  if (json === undefined) throw new UpstreamError('UPSTREAM_REJECTED', missing(), { status: 404 });
  throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', 'Expected a list');
}

/** For the status by which an API answers an id in an invalid format: there is no such object. */
export function nullIf(...statuses: readonly number[]): (error: unknown) => null {
  return (error) => {
    if (error instanceof UpstreamError && statuses.some((status) => status === error.status)) return null;
    throw error;
  };
}
