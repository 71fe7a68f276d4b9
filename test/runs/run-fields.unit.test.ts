import { describe, expect, it } from 'vitest';
import { REQUEST_CONFIG_FIELD_LIST, RUN_FIELD_LIST } from '../../src/runs/run-fields.ts';
import * as model from '../support/run-fields.ts';

describe.each([
  ['RUN_FIELDS', RUN_FIELD_LIST, model.RUN_FIELDS],
  ['CONFIG_FIELDS', REQUEST_CONFIG_FIELD_LIST, model.CONFIG_FIELDS],
] as const)('The fields that the tests have in %s', (table, fields, known) => {
  it.each(fields)('include $wire', ({ wire }) => {
    expect(Object.keys(known), `${wire} is missing in ${table} of test/support/run-fields.ts`).toContain(
      wire,
    );
  });
});

describe('The tables of fields', () => {
  it('have one field of the kind config, as there is one table of its fields', () => {
    const configs = RUN_FIELD_LIST.filter(({ kind }) => kind === 'config').map(({ name }) => name);
    expect(configs).toEqual(['requestConfig']);
    expect(REQUEST_CONFIG_FIELD_LIST.filter(({ kind }) => kind === 'config')).toEqual([]);
  });

  it.each([
    ['RUN_FIELDS', RUN_FIELD_LIST],
    ['REQUEST_CONFIG_FIELDS', REQUEST_CONFIG_FIELD_LIST],
  ] as const)('have each key of the wire once: %s', (_name, fields) => {
    const keys = fields.map(({ wire }) => wire);
    expect(keys).toEqual([...new Set(keys)]);
  });

  it.each([
    ['RUN_FIELDS', RUN_FIELD_LIST.length],
    ['REQUEST_CONFIG_FIELDS', REQUEST_CONFIG_FIELD_LIST.length],
  ])('are short enough for the scanner: %s', (_name, length) => {
    const reason = 'the scanner marks the fields of an object in 32 bits: `found` in assembly/members.ts';
    expect(length, reason).toBeLessThan(32);
  });
});
