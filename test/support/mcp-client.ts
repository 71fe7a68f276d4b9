import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { onTestFinished } from 'vitest';
import type { Gateway } from '../../src/gateway-options.ts';

/** How clients speak: by the revision of 2026, which has no sessions, or by one of 2025, which begins with `initialize`. */
export const ERAS = ['2026-07-28', '2025-11-25'] as const;
export type Era = (typeof ERAS)[number];

export type Transport = Parameters<Client['connect']>[0];

/** Connects the official client, which is closed when the test ends. */
export async function connectMcp(transport: Transport, era: Era = ERAS[0]) {
  const mode = era === '2026-07-28' ? { pin: era } : 'legacy';
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
  await client.connect(transport);
  onTestFinished(() => client.close());
  return {
    client,
    /** Calls a tool. @returns the text of its answer, and that text parsed unless it is an error */
    call: async (name: string, args: object = {}) => {
      const { content, isError } = await client.callTool({ name, arguments: { ...args } });
      const [part, ...more] = content;
      if (part?.type !== 'text' || more.length > 0) throw new Error('Expected one text');
      const data: Readonly<Record<string, unknown>> = isError === true ? {} : JSON.parse(part.text);
      return { isError: isError === true, text: part.text, data };
    },
  };
}

/** A transport to a gateway in process. */
export function mcpTransport({ fetch }: Gateway, headers: Readonly<Record<string, string>> = {}): Transport {
  return new StreamableHTTPClientTransport(new URL('http://gateway/mcp'), {
    fetch: (url, init) => fetch(new Request(url, init)),
    requestInit: { headers },
  });
}
