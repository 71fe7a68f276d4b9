import * as fc from 'fast-check';
import { Dispatcher } from 'undici';
import { expect, it } from 'vitest';
import { GrowingBuffer } from '../../src/upstream/growing-buffer.ts';
import { exchange } from '../../src/upstream/http/exchange.ts';
import { propertyRuns } from '../support/property-runs.ts';

it('joins the pieces of a body, however many are expected', () => {
  const piece = fc.uint8Array({ maxLength: 40 });
  const property = fc.property(fc.array(piece), fc.nat(200), (pieces, expected) => {
    const body = new GrowingBuffer(expected);
    for (const each of pieces) body.add(each);
    expect(body.take()).toEqual(Buffer.concat(pieces));
  });
  fc.assert(property, { numRuns: propertyRuns(300) });
});

it('reads a body up to the end of what is wanted, and takes no more', async () => {
  const given = ['x', 'x\n', '\ny', 'z'];
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
  expect(body.toString()).toBe(given.slice(0, -1).join(''));
  expect(arrived).toBe(given.length - 1);
});
