import { IGNORED_METRICS_FIELDS, METRICS_FIELDS } from '../../runs/detail-fields.ts';
import type { RunParts } from '../../runs/source.ts';
import { decodeMetrics, decodeSteps } from '../../wire/decode-details.ts';
import { decodeMessages } from '../../wire/decode-messages.ts';
import { driftReporter, type ReportDrift, reportStepDrift } from '../../wire/drift.ts';
import { reportMessageDrift } from '../../wire/message-drift.ts';
import { retrievePath } from './runs-url.ts';

/** An endpoint for a part of one run. */
interface RunPart<Value> {
  /** Returns its path, relative to the root of the API. */
  readonly path: (id: string) => string;
  /** Decodes its response for the run with this id. @throws DecodeError */
  readonly decode: (json: unknown, id: string) => Value;
  /** Reports differences in what was decoded from some JSON. */
  readonly reportDrift: (value: Value, json: unknown, report: ReportDrift) => void;
  /** Whether 404 is an error, rather than null. */
  readonly isExpected?: true;
  /** Whether the API may fail to send it by a 500 as long as some row is there, as it does for agents. */
  readonly mayFailAlone?: true;
}

/** Lists of a run's parts have no limit of their own; the largest that the server's types hold. */
const MAX_LIMIT = 2 ** 31 - 1;

const reportMetricsDrift = driftReporter(METRICS_FIELDS, IGNORED_METRICS_FIELDS);

/** The endpoint of each part of a run. */
export const RUN_PARTS: { readonly [Name in keyof RunParts]: RunPart<RunParts[Name]> } = {
  steps: {
    // Only this order is right for steps created at the same time. Without pages none can be lost.
    path: (id) => `${retrievePath(id)}/steps?order=asc&limit=${MAX_LIMIT}`,
    decode: decodeSteps,
    reportDrift: reportStepDrift,
    isExpected: true,
  },
  messages: {
    // What the API makes of a message depends on those before it, so pages are cut from the whole list.
    // Its filter by type comes after its limit, so with a limit a page could be empty and not the last.
    path: (id) => `${retrievePath(id)}/messages?order=asc&limit=${MAX_LIMIT}`,
    decode: decodeMessages,
    reportDrift: ({ all }, json, report) => reportMessageDrift(all, json, report),
    isExpected: true,
    // Images of some sources, and agents without a model's configuration, make the API fail.
    mayFailAlone: true,
  },
  metrics: {
    path: (id) => `${retrievePath(id)}/metrics`,
    decode: decodeMetrics,
    reportDrift: (_metrics, json, report) => reportMetricsDrift(json, report),
  },
};
