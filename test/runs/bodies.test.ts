import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { Body, BodyBuilder } from '../../src/wire/body.ts';
import { propertyRuns } from '../support/property-runs.ts';

it('A body is what arrived, however it was cut', () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 6000 }), { maxLength: 200 });
  fc.assert(
    fc.property(cuts, fc.nat(), fc.nat(), (sizes, a, b) => {
      const pieces = sizes.map((size, index) => Buffer.alloc(size, 33 + (index % 90)));
      const builder = new BodyBuilder();
      for (const piece of pieces) builder.add(piece);
      const body = builder.finish();
      const whole = Buffer.concat(pieces);
      expect(body.length).toBe(whole.length);
      expect(Buffer.concat([...body.chunks]).equals(whole)).toBe(true);
      const [from = 0, to = 0] = [a % (whole.length + 1), b % (whole.length + 1)].toSorted((x, y) => x - y);
      expect(body.slice(from, to).equals(whole.subarray(from, to))).toBe(true);
    }),
    { numRuns: propertyRuns(50) },
  );
});

it('A body that arrives byte by byte is kept in few chunks', () => {
  const builder = new BodyBuilder();
  for (let n = 0; n < 500_000; n++) builder.add(Buffer.from([n % 256]));
  const body = builder.finish();
  expect(body.length).toBe(500_000);
  expect(body.chunks.length).toBeLessThan(100);
  expect(new Body(Array.from({ length: 1000 }, () => Buffer.from('x'))).chunks).toHaveLength(1);
});
