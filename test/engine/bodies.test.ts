import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { bodyOf } from '../../src/upstream/response-body.ts';
import { propertyRuns } from '../support/property-runs.ts';

it('reads a body in chunks like one that came as a whole', () => {
  const chunks = fc.array(
    fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(chunks, fc.nat(60), fc.nat(60), (given, start, end) => {
      const whole = Buffer.concat(given);
      const body = bodyOf(given);
      expect(body).toHaveLength(whole.length);
      expect(body.toString('utf8')).toBe(whole.toString('utf8'));
      expect(body.subarray()).toEqual(whole);
      expect(body.subarray(start)).toEqual(whole.subarray(start));
      expect(body.subarray(start, end)).toEqual(whole.subarray(start, end));
    }),
    { numRuns: propertyRuns(300) },
  );
});
