import type { Facts, Step } from '../documents/run.ts';
import { brief, errorText, words } from '../format/text.ts';

/** Why a run failed. */
export interface Failure {
  readonly text: string;
  readonly headline: string;
  /** The stop reason and the type of the error, unless they are the text. */
  readonly names: readonly string[];
  /** The last step that failed. */
  readonly step: Pick<Step, 'index'> | undefined;
  /** The error as it was stored. */
  readonly details: unknown;
}

/** Finds why a run failed: in its metadata, its last failed step, or its stop reason. */
export function failureOf(
  { metadata, stopReason, rawStopReason }: Pick<Facts, 'metadata' | 'stopReason' | 'rawStopReason'>,
  steps: readonly Pick<Step, 'index' | 'errorType' | 'errorData'>[],
): Failure {
  const stored: unknown = Object(metadata).error;
  const step = steps.findLast(({ errorType, errorData }) => errorType !== null || errorData !== null);
  const reason = stopReason === null ? undefined : words(rawStopReason ?? stopReason);
  const named = step?.errorType ?? (stopReason === 'ERROR' ? undefined : reason);
  const text = errorText(stored) ?? errorText(step?.errorData) ?? named ?? 'The runs API does not say why.';
  const lines = text.split('\n');
  // A traceback ends with the message.
  const headline = text.startsWith('Traceback (') ? lines.at(-1) : lines[0];
  return {
    text,
    headline: brief(headline ?? '', 300),
    names: [reason, step?.errorType].flatMap((name) => (name && name !== text ? [name] : [])),
    step,
    details: stored ?? step?.errorData,
  };
}
