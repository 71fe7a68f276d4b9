import * as fc from 'fast-check';
import { Dispatcher } from 'undici';
import { expect, it } from 'vitest';
import { bodyOf, Chunks } from '../../src/upstream/body-chunks.ts';
import { exchange } from '../../src/upstream/http/exchange.ts';
import { propertyRuns } from '../support/property-runs.ts';

it('A response that comes in chunks is read like one that comes as a whole', () => {
  const bytes = fc.uint8Array({ maxLength: 8 }).map((array) => Buffer.from(array));
  const chunks = fc.array(bytes, { maxLength: 6 });
  fc.assert(
    fc.property(chunks, fc.nat(60), fc.nat(60), (given, start, end) => {
      const whole = Buffer.concat(given);
      const body = bodyOf(given);
      const arrived = new Chunks();
      for (const chunk of given) arrived.add(chunk);
      expect(arrived.body().subarray()).toEqual(whole);
      expect(body).toHaveLength(whole.length);
      expect(body.toString('utf8')).toBe(whole.toString('utf8'));
      expect(body.subarray()).toEqual(whole);
      expect(body.subarray(start)).toEqual(whole.subarray(start));
      expect(body.subarray(start, end)).toEqual(whole.subarray(start, end));
    }),
    { numRuns: propertyRuns(300) },
  );
});

it('Of a response that is read up to a text no more is read, also if that comes in two chunks', async () => {
  const given = [...Array<string>(200).fill('x'.repeat(16_384)), 'x\n', '\ny', 'z'];
  let arrived = 0;
  class Upstream extends Dispatcher {
    override dispatch(_options: unknown, handler: Dispatcher.DispatchHandler): boolean {
      const stopped = new AbortController();
      const controller = { abort: () => stopped.abort() } as never;
      handler.onRequestStart?.(controller, {});
      handler.onResponseStart?.(controller, 200, {}, '');
      for (const chunk of given) {
        if (stopped.signal.aborted) break;
        arrived++;
        handler.onResponseData?.(controller, Buffer.from(chunk));
      }
      return true;
    }
  }
  const { signal } = new AbortController();
  const { body } = await exchange(new Upstream(), { path: '/', headers: {}, signal, until: '\n\n' });
  expect(body.toString('utf8')).toBe(given.slice(0, -1).join(''));
  expect(arrived).toBe(given.length - 1);
});
