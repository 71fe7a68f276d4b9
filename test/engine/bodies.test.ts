import { Dispatcher } from 'undici';
import { expect, it } from 'vitest';
import { exchange } from '../../src/upstream/http/exchange.ts';

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
