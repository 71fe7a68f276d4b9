import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyServers, changes, cursors, pages, rowLists } from './arbitraries.ts';
import { argumentsOf, expectDeleted, expectPage, loadFrom } from './ask-page.ts';
import { serve } from './fake-list.ts';
import { check } from './property.ts';
import { problemsOf } from './relay-model.ts';

it('A page is that of the Relay specification, with exact flags', async () => {
  const cases = fc.record({ rows: rowLists(), server: anyServers, page: pages });
  await check(cases, 7000, async ({ rows, server, page }) => {
    const { asked, texts } = argumentsOf(page, rows);
    expectPage(await loadFrom(serve(rows, server), page, texts), rows, asked, page);
  });
});

it('A page of a list that is cut short without a word is whole', async () => {
  const cases = fc.record({
    rows: rowLists(260),
    server: anyServers,
    // The sizes at which servers and proxies cut.
    cutAt: fc.constant(100),
    maxLimit: fc.constantFrom(40, 60, 120, 1000),
    first: fc.integer({ min: 40, max: 250 }),
    after: cursors(260),
    order: fc.constantFrom('asc' as const, 'desc' as const),
  });
  await check(cases, 500, async ({ rows, server, first, after, order, ...script }) => {
    const list = serve(rows, server, { maxRows: 250, ...script });
    const page = { order, size: { first }, after, before: undefined };
    const { asked, texts } = argumentsOf(page, rows);
    for (let time = 0; time < 2; time++) expectPage(await loadFrom(list, page, texts), rows, asked);
  });
});

it('A page of a list that changes while it is read holds what was always there, and nothing that never was', async () => {
  const cases = fc.record({ rows: rowLists(), server: anyServers, page: pages, changes });
  await check(cases, 5000, async ({ rows, server, page, changes: happening }) => {
    const list = serve(rows, server, { changes: happening });
    const { asked, texts } = argumentsOf(page, rows);
    try {
      const answered = await loadFrom(list, { ...page, needs: { ...page.needs, rows: true } }, texts);
      // The other dialect is never taken for proven.
      const { current } = list.state.dialect;
      expect([undefined, server.script.dialect, server.knowledge.proven]).toContain(current);
      expect(problemsOf(answered, asked, list.momentsOf(page.filter))).toEqual([]);
    } catch (error) {
      expectDeleted(error, asked, list);
    }
  });
});
