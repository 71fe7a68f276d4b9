import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as apollo from '../../examples/apollo/main.ts';
import { allRuns } from '../../examples/node/all-runs.ts';
import * as relay from '../../examples/relay/main.ts';
import type { Config } from '../../src/config/config.ts';
import { serveRuns } from './served-runs.ts';

interface Walk {
  /** The example, and what made its manifest. */
  readonly example: string;
  readonly tool: string;
  readonly byId: (url: string) => Promise<string[]>;
  readonly byText: (url: string) => Promise<string[]>;
}

const WALKS: readonly Walk[] = [
  {
    example: 'relay',
    tool: 'relay-compiler',
    byId: (url) => relay.walkForward(url, {}, { byId: true }),
    byText: (url) => relay.walkForward(url),
  },
  {
    example: 'node',
    tool: 'GraphQL Code Generator',
    byId: (url) => Array.fromAsync(allRuns({ url, byId: true }), ({ id }) => id),
    byText: (url) => Array.fromAsync(allRuns({ url }), ({ id }) => id),
  },
  {
    example: 'apollo',
    tool: 'generate-persisted-query-manifest',
    byId: (url) => apollo.walkForward(url, {}, 'ids'),
    byText: (url) => apollo.walkForward(url),
  },
];

/** A gateway that serves nothing but the documents of an example. */
function locked(example: string): Partial<Config> {
  const manifest = new URL(
    `../../examples/${example}/__generated__/persisted-documents.json`,
    import.meta.url,
  );
  return { persistedDocuments: fileURLToPath(manifest), trustedDocumentsOnly: true };
}

describe.each(WALKS)('A manifest made by $tool', ({ example, byId }) => {
  it('lets its client walk a locked gateway by ids, as by texts an open one', async () => {
    await using served = await serveRuns({ config: locked(example) });
    expect(await byId(served.url)).toEqual(await served.restIds(''));
  });

  it('is of use to no other client', async () => {
    await using served = await serveRuns({ config: locked(example) });
    for (const other of WALKS.filter((each) => each.example !== example)) {
      await expect(other.byText(served.url), other.example).rejects.toThrow(/only trusted documents/);
      await expect(other.byId(served.url), other.example).rejects.toThrow(
        /PersistedQueryNotFound|only trusted documents|is not that of "query"/,
      );
    }
    expect(served.upstreamTimes).toEqual([]);
  });
});

describe('Automatic persisted queries of Apollo Client', () => {
  afterEach(() => vi.restoreAllMocks());

  /** What was sent to an address: each method, with what names the document. */
  async function sent(calls: readonly Parameters<typeof fetch>[], to: string): Promise<string[]> {
    const requests = calls
      .map(([url, init]) => new Request(url, init))
      .filter(({ url }) => url.startsWith(to));
    return Promise.all(
      requests.map(async (request) => {
        const text = request.method === 'GET' ? decodeURIComponent(request.url) : await request.text();
        const parts = [text.includes('sha256Hash') && 'hash', text.includes('query Runs') && 'text'];
        return [request.method, ...parts.filter((part) => part !== false)].join(' ');
      }),
    );
  }

  it('fall back to texts at a gateway without a manifest, once and for all', async () => {
    await using served = await serveRuns();
    const requests = vi.spyOn(globalThis, 'fetch');
    expect(await apollo.walkForward(served.url, {}, 'hashes')).toEqual(await served.restIds(''));
    const [first, ...rest] = await sent(requests.mock.calls, served.url);
    expect(first).toBe('GET hash');
    expect(rest.length).toBeGreaterThan(5);
    expect(new Set(rest)).toEqual(new Set(['POST text']));
  });

  it('need no text at a gateway with their manifest', async () => {
    await using served = await serveRuns({ config: locked('apollo') });
    const requests = vi.spyOn(globalThis, 'fetch');
    expect(await apollo.walkForward(served.url, {}, 'hashes')).toEqual(await served.restIds(''));
    const all = await sent(requests.mock.calls, served.url);
    expect(new Set(all)).toEqual(new Set(['GET hash']));
  });

  it('send the text with its hash where the manifest is of others, unless that is locked', async () => {
    const others = locked('relay');
    await using open = await serveRuns({ config: { ...others, trustedDocumentsOnly: false } });
    const requests = vi.spyOn(globalThis, 'fetch');
    expect(await apollo.walkForward(open.url, {}, 'hashes')).toEqual(await open.restIds(''));
    const all = await sent(requests.mock.calls, open.url);
    expect(all.slice(0, 4)).toEqual(['GET hash', 'POST hash text', 'GET hash', 'POST hash text']);
    await using closed = await serveRuns({ config: others });
    await expect(apollo.walkForward(closed.url, {}, 'hashes')).rejects.toThrow(/only trusted documents/);
  });
});
