import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { InvalidCursorError } from '../../src/lists/errors.ts';
import { changes, pages, rowLists, servers } from './arbitraries.ts';
import { argumentsOf, loadFrom } from './ask-page.ts';
import { serve } from './fake-list.ts';
import { check } from './property.ts';
import { problemsOf } from './relay-model.ts';

it('A page of a list that changes while it is read holds what was always there, and nothing that never was', async () => {
  const cases = fc.record({ rows: rowLists(), server: servers, page: pages, changes });
  await check(cases, 5000, async ({ rows, server, page, changes: happening }) => {
    const list = serve(rows, server, { changes: happening });
    const { asked, texts } = argumentsOf(page, rows);
    let answered;
    try {
      answered = await loadFrom(list, { ...page, needs: { ...page.needs, rows: true } }, texts);
    } catch (error) {
      // Only a row that a cursor names may be missed.
      expect(error).toBeInstanceOf(InvalidCursorError);
      const { argument } = (error as InvalidCursorError).extensions as { argument: 'after' | 'before' };
      expect(list.rows.map(({ id }) => id)).not.toContain(asked[argument]?.id);
      return;
    }
    // The other dialect is never taken for proven.
    const { current } = list.memory.dialect;
    expect([undefined, server.script.dialect, server.knowledge.proven]).toContain(current);
    expect(problemsOf(answered, asked, list.momentsOf(page.filter))).toEqual([]);
  });
});
