import type { StepNode } from './nodes.ts';

/** Where a step lies between the start and the end of all, and its parts, from 0 to 1. */
export interface Bar {
  readonly start: number;
  readonly model: number;
  readonly tools: number;
  readonly other: number;
}

type Timed = Pick<StepNode, 'timing'>;

/** Whether all that were measured say when they began. */
export const arePlaced = (steps: readonly Timed[]): boolean =>
  steps.every(({ timing }) => !timing?.totalNs || timing.startedAt !== null);

/** A bar for each step that was measured: where it began, or one after the other where that isn't known of all. */
export function barsOf(steps: readonly Timed[]): readonly (Bar | undefined)[] {
  const isPlaced = arePlaced(steps);
  let end = 0;
  const spans = steps.map(({ timing }) => {
    if (!timing?.totalNs) return undefined;
    const { startedAt, totalNs, modelNs, toolNs } = timing;
    const start = isPlaced && startedAt !== null ? Date.parse(startedAt) * 1e6 : end;
    end = start + totalNs;
    const model = Math.min(modelNs ?? 0, totalNs);
    const tools = Math.min(toolNs ?? 0, totalNs - model);
    return { start, end, model, tools, other: totalNs - model - tools };
  });
  const known = spans.filter((span) => span !== undefined);
  const from = Math.min(...known.map(({ start }) => start));
  const all = Math.max(...known.map((span) => span.end)) - from;
  return spans.map(
    (span) =>
      span && {
        start: (span.start - from) / all,
        model: span.model / all,
        tools: span.tools / all,
        other: span.other / all,
      },
  );
}
