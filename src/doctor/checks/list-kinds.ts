import { IGNORED_STEP_FIELDS, STEP_FIELDS } from '../../runs/detail-fields.ts';
import { driftReporter, reportAgentDrift, type ReportDrift, reporterOfValues } from '../../wire/drift.ts';
import { isObject, type JsonObject } from '../../wire/field-readers.ts';

/** A list of the upstream, and how the gateway reads it. */
export interface ListKind {
  readonly name: string;
  /** Its address, below that of a run if it is about one. */
  readonly path: string;
  readonly isOfRun?: true;
  /** Whether queries do without it: it is examined to know the server. */
  readonly isSpare?: true;
  /** The largest page that is asked for. */
  readonly pageSize: number;
  /** Reports in what its rows differ from what this gateway knows. */
  readonly reportDrift?: (rows: readonly unknown[], report: ReportDrift) => void;
}

const MESSAGE_ENUMS = { type: { wire: 'message_type', enum: 'message_type' } } as const;

export const LIST_KINDS: readonly ListKind[] = [
  { name: 'runs', path: 'v1/runs/?order=desc', pageSize: 1000 },
  {
    name: 'steps',
    path: '/steps?order=asc',
    isOfRun: true,
    pageSize: 200,
    reportDrift: driftReporter(STEP_FIELDS, IGNORED_STEP_FIELDS),
  },
  {
    name: 'messages',
    path: '/messages?order=asc',
    isOfRun: true,
    pageSize: 200,
    reportDrift: ofEach(reporterOfValues(MESSAGE_ENUMS, (_name, wire) => wire)),
  },
  {
    name: 'agents',
    // Without their relations, which take the upstream long.
    path: 'v1/agents/?order=desc&include=agent.tags',
    isSpare: true,
    pageSize: 200,
    reportDrift: ofEach(reportAgentDrift),
  },
];

function ofEach(reportRow: (row: JsonObject, report: ReportDrift) => void): ListKind['reportDrift'] & {} {
  return (rows, report) => {
    for (const row of rows) if (isObject(row)) reportRow(row, report);
  };
}
