import { describe, expect, it } from 'vitest';
import { CASES } from './cases.ts';
import { examineCase } from './examination.ts';

describe('The doctor finds', () => {
  it.each(CASES)('$name', async (each) => {
    const { findings } = await examineCase(each);
    const unusual = findings.filter(({ level }) => level !== 'ok' && level !== 'skipped');
    expect(
      unusual.map(({ level, check }) => `${level} ${check}`),
      JSON.stringify(findings, null, 1),
    ).toEqual(each.finds);
  });
});
