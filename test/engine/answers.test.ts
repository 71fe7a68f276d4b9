import { expect, it } from 'vitest';
import { writeData } from '../../src/engine/result/write-data.ts';

const record = (members: object): object => Object.assign(Object.create(null), members);

it("An answer is JSON, whatever keys a plugin's scalar without a prototype has", () => {
  const data = record({ headers: record({ 'a"b': 1, '\n': [record({ '': null })], 'content-type': 'x' }) });
  const written = Buffer.from(writeData(data, 1_000)).toString();
  expect(written).toBe(JSON.stringify({ data }));
});
