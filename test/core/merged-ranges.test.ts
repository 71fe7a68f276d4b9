import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadPage } from '../../src/lists/pages/load-page.ts';
import { mergeRanges } from '../../src/lists/ranges/merge-ranges.ts';
import { changes, filters, pages, rowLists, rowsUpTo, servers } from './arbitraries.ts';
import { argumentsOf, expectDeleted, expectPage, loadFrom, type Request } from './ask-page.ts';
import { type FakeList, type Filter, LIST, matches, type Row, serve } from './fake-list.ts';
import { check } from './property.ts';
import { problemsOf } from './relay-model.ts';

type Stages = readonly (readonly Filter[])[];

/** Loads a page of the rows that match any of some filters. */
const loadMerged = (list: FakeList, page: Request, texts: object, stages: Stages) =>
  loadFrom(list, page, texts, (args, needs, sources) =>
    loadPage<Row, Filter>(args, needs, {
      ...sources,
      readRange: mergeRanges(sources.readRange, stages, sources.list),
    }),
  );

describe('A page of the rows that match any of several filters', () => {
  it('is that of the Relay specification, with exact flags', async () => {
    const cases = fc.record({
      rows: rowLists(),
      server: servers,
      page: pages,
      stages: fc.array(fc.array(filters, { maxLength: 3 }), { maxLength: 3 }),
    });
    await check(cases, 3000, async ({ rows, server, page: { filter: _filter, ...page }, stages }) => {
      const { asked, texts } = argumentsOf(page, rows);
      const found = await loadMerged(serve(rows, server), page, texts, stages);
      const wanted = rows.filter((row) => stages.flat().some((filter) => matches(row, filter)));
      expectPage(found, wanted, asked, page);
    });
  });

  it('holds once what was always there, also what comes to match the filter of a later stage', async () => {
    const cases = fc.record({ rows: rowLists(), server: servers, page: pages, changes });
    const stages = [[{ colors: ['red'] }], [{ colors: ['blue'] }]];
    await check(cases, 3000, async ({ rows, server, page: { filter: _filter, ...page }, changes: drawn }) => {
      const list = serve(rows, server, {
        changes: drawn.map((change) => (change.kind === 'changes' ? { ...change, color: 'blue' } : change)),
      });
      const { asked, texts } = argumentsOf(page, rows);
      try {
        const needs = { ...page.needs, rows: true };
        const answered = await loadMerged(list, { ...page, needs }, texts, stages);
        const moments = list.momentsOf({});
        // A flag is right as well for the rows that were always there, since two lists are no snapshot.
        const always = rows.filter(({ id }) => moments.every((some) => some.some((row) => row.id === id)));
        expect(problemsOf(answered, asked, [...moments, always])).toEqual([]);
      } catch (error) {
        expectDeleted(error, asked, list);
      }
    });
  });

  it('has no more rows than were asked for, each as it was read last', async () => {
    const rows = rowsUpTo(2);
    const changed = rows.slice(0, 1).map((row) => ({ ...row, color: 'blue' }));
    const readRange = async ({ filter }: { filter: Filter }) => (filter.owner === 'ann' ? rows : changed);
    const request = { filter: {}, order: 'asc', after: null, limit: 1 } as const;
    const stages = [[{ owner: 'ann' }], [{ owner: 'bob' }]];
    expect(await mergeRanges<Row, Filter>(readRange, stages, LIST)(request)).toEqual(changed);
  });
});
