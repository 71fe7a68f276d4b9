import type { RunStep } from '../../runs/details.ts';
import type { ReadItems, RunItems } from '../../runs/source.ts';
import { decodeSteps } from '../../wire/decode-details.ts';
import { reportStepDrift, type ReportDrift } from '../../wire/drift.ts';
import { decoded } from './decoded.ts';
import type { PageSizes } from './page-sizes.ts';
import { type Changed, createRunItems, type ListParts, pageBehind, untold } from './run-items.ts';

/**
 * The steps of a run. Only their ascending order is right for steps created at the same time. Steps have no
 * times to compare, so each page begins with the last step of the one before it: that proves that nothing lies
 * between them.
 */
export function createRunSteps(
  runId: string,
  parts: ListParts,
  sizes: PageSizes,
  report: ReportDrift,
): RunItems<RunStep> {
  const read = (rows: readonly unknown[], from: number | null): readonly RunStep[] => {
    const steps = decoded(() => decodeSteps(rows, runId, from));
    reportStepDrift(steps, rows, report);
    return steps;
  };
  const ask = <Rows>(rows: number, request: (limit: string) => Promise<Rows>) =>
    sizes.ask('steps', rows, (limit) => request(`limit=${limit}`));

  const readFirst = async (): Promise<ReadItems<RunStep>> => {
    const { page, limit } = await ask(Infinity, (size) => parts.page(`order=asc&${size}`));
    return { items: read(page, 0), isWhole: page.length !== limit };
  };

  const readOn = async (known: readonly RunStep[]): Promise<ReadItems<RunStep> | Changed> => {
    const [anchor, last] = known.slice(-2);
    if (anchor === undefined || last === undefined) throw untold('its pages have room for one step');
    /** @returns null for a page that doesn't begin with the last step, and go on with new ones */
    const continued = (rows: readonly unknown[]): readonly RunStep[] | null => {
      const [first, ...others] = read(rows, known.length - 1);
      const ids = new Set(known.map(({ id }) => id));
      return first?.id === last.id && !others.some(({ id }) => ids.has(id)) ? others : null;
    };
    const { page, limit } = await ask(Infinity, (size) =>
      pageBehind(anchor.id, `order=asc&${size}`, parts, continued),
    );
    if (page === null || page === 'changed') return 'changed';
    return { items: [...known, ...page], isWhole: page.length + 1 < limit };
  };

  let first: RunStep | undefined;
  return createRunItems({
    async readOn(known) {
      const next = await (known.length === 0 ? readFirst() : readOn(known));
      if (next !== 'changed') [first] = next.items;
      return next;
    },
    async readLast(count) {
      const { page, limit } = await ask(count, (size) => parts.page(`order=desc&${size}`));
      if (limit < count || page.length < count) return undefined;
      const steps = read(page.toReversed(), null);
      // A server that ignores the order sends the first ones.
      return steps.at(-1)?.id === first?.id ? undefined : steps;
    },
  });
}
