import type { RunStep } from './detail-fields.ts';
import { MAX_FAILURE_MESSAGE } from './limits.ts';
import { memoize } from './memoize.ts';
import { type RunMessage, textOf } from './messages.ts';
import { outcomeOf } from './outcomes.ts';
import { RUN_ENUMS, UNRECOGNIZED } from './run-enums.ts';
import type { Run } from './run.ts';

/** Where the reason of a failed run is looked for, in this order. */
export const FAILURE_SOURCES = {
  METADATA: "The `error` in the run's `metadata`.",
  STEP: 'The error of the last step that failed.',
  STOP_REASON: 'The stop reason, since neither of the others says anything.',
} as const;

/** An error that a tool returned. */
export type ToolError = Readonly<Record<'toolName' | 'message', string | null>>;

/** A run that failed or was cut short. */
export interface FailedRun {
  readonly run: Pick<Run, 'id' | 'metadata' | 'stopReason'>;
  /** Reads the last step that failed; undefined if none did. @throws UpstreamError */
  readonly readStep: () => Promise<RunStep | undefined>;
}

/** Whether a run failed or was cut short. */
export function hasFailed(run: Pick<Run, 'status' | 'stopReason'>): boolean {
  return ['failed', 'cut_short'].includes(outcomeOf(run));
}

/** The stop reasons that say why a run failed or was cut short, in a sentence each. */
const REASONS: ReadonlyMap<string | null | undefined, string> = new Map(
  Object.entries(RUN_ENUMS.stop_reason).filter(
    ([stopReason]) => stopReason !== 'error' && hasFailed({ status: 'completed', stopReason }),
  ),
);

/** Finds why a run failed, on one line. Reads the step only if the metadata doesn't say. @throws what `readStep` throws */
export async function causeOf({ run, readStep }: FailedRun) {
  const stored = lineOf(run.metadata?.['error']);
  if (stored !== null) return { message: stored, source: 'METADATA' } as const;
  const step = await readStep();
  const ofStep = lineOf(step?.errorData) ?? lineOf(step?.errorType);
  if (ofStep !== null) return { message: ofStep, source: 'STEP' } as const;
  const unknown = `The runs API does not say why (stop reason: ${run.stopReason ?? 'none'}).`;
  return { message: REASONS.get(run.stopReason) ?? unknown, source: 'STOP_REASON' } as const;
}

/** Returns a code to group failures by. Reads the step only if the stop reason has none. @throws what `readStep` throws */
export async function codeOf({ run: { stopReason }, readStep }: FailedRun): Promise<string | null> {
  const step = REASONS.has(stopReason) ? undefined : await readStep();
  const reason = [stopReason, step?.stopReason].find((each) => REASONS.has(each));
  // A run that failed can have the stop reason of one that did not, such as `end_turn`.
  const outcome = outcomeOf({ status: 'completed', stopReason });
  const named = ['failed', UNRECOGNIZED].includes(outcome) ? stopReason : null;
  return reason?.toUpperCase() ?? step?.errorType ?? named?.toUpperCase() ?? null;
}

/** Returns the last step that failed or has an error. */
export const lastFailedStep = memoize((steps: readonly RunStep[]): RunStep | undefined =>
  steps.findLast(({ status, errorType }) => status === 'failed' || errorType !== null),
);

/** Returns the last error of a tool among messages, oldest first; null if there is none. */
export const lastToolError = memoize((messages: readonly RunMessage[]): ToolError | null => {
  const names = new Map<string | null, string | null>();
  let last: ToolError | null = null;
  for (const message of messages) {
    if ('toolCalls' in message) for (const { id, name } of message.toolCalls) names.set(id, name);
    if (!('toolReturns' in message)) continue;
    // Letta names the tool of the first result. The call of one that was approved is in another run.
    const alone = message.toolReturns.length === 1 ? message.name : null;
    for (const { toolCallId, status, parts, stderr } of message.toolReturns) {
      if (status !== 'error') continue;
      const text = lineOf(textOf(parts)) ?? lineOf(stderr?.join('\n'));
      last = { toolName: names.get(toolCallId) ?? alone, message: text };
    }
  }
  return last;
});

/**
 * Returns an error on one line: a text, or the `detail` or `message` of an object. It is the first line, or of a Python
 * traceback the last one; null without a text. Large texts are not read as a whole, since many fields may ask for one.
 */
function lineOf(error: unknown): string | null {
  const { detail, message }: { detail?: unknown; message?: unknown } = Object(error);
  const texts = [error, detail, message].map((each) => (typeof each === 'string' ? each.trim() : ''));
  const text = texts.find((each) => each !== '');
  if (text === undefined) return null;
  const rest = text.startsWith('Traceback (') ? text.slice(text.lastIndexOf('\n') + 1).trimStart() : text;
  const [line = ''] = rest.slice(0, MAX_FAILURE_MESSAGE + 1).split(/[\r\n]/, 1);
  const cut = line.length > MAX_FAILURE_MESSAGE ? `${line.slice(0, -2).toWellFormed()}…` : line;
  return cut.replaceAll(/\s+/g, ' ').trim();
}
