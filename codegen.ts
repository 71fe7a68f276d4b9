import { fileURLToPath } from 'node:url';
import type example from './examples/node/codegen.ts';
import { AGENT, LAST_RUNS, RUN_EVENTS } from './src/cli/gateway-client/documents.ts';
import { PAUSED, PENDING } from './src/cli/watch/read-list.ts';
import { explorerDocuments } from './src/explorer/documents.ts';
import * as mcpDocuments from './src/mcp/documents.ts';
import { RUN_ENUMS } from './src/runs/run-enums.ts';

const root = fileURLToPath(new URL('.', import.meta.url));
const stopReasons = Object.keys(RUN_ENUMS.stop_reason).map((name) => `'${name.toUpperCase()}'`);
const mcpTexts = Object.values(mcpDocuments).map(({ text }) => text);

/** Appends the types of some operations by their names. */
function operationsOf(documents: readonly string[]) {
  const lines = documents.map((text) => {
    const [, kind = '', name = ''] = /^(\w+) (\w+)/.exec(text) ?? [];
    const type = name + kind.charAt(0).toUpperCase() + kind.slice(1);
    return `  ${name}: { data: ${type}; variables: ${type}Variables };\n`;
  });
  return {
    add: { placement: 'append' as const, content: `export interface Operations {\n${lines.join('')}}` },
  };
}

/**
 * Types of what the documents of the explorer, of MCP, and of `tail` and `watch` select, from the printed schema. The generator is the one that `examples/node`
 * installs.
 */
const config: typeof example = {
  schema: `${root}schema/schema.graphql`,
  config: {
    enumType: 'string-literal',
    immutableTypes: true,
    inlineFragmentTypes: 'combine',
    disableDescriptions: true,
    scalars: { ID: 'string', DateTime: 'string', JSON: 'unknown', Nanoseconds: 'number', BigInt: 'number' },
  },
  generates: {
    [`${root}src/explorer/browser/__generated__/graphql.ts`]: {
      documents: [...explorerDocuments],
      plugins: [
        'typescript-operations',
        // The page offers them in a menu.
        { add: { placement: 'append', content: `export const STOP_REASONS = [${stopReasons.join(', ')}];` } },
        operationsOf(explorerDocuments),
      ],
    },
    [`${root}src/mcp/__generated__/graphql.ts`]: {
      documents: mcpTexts,
      plugins: ['typescript-operations', operationsOf(mcpTexts)],
    },
    [`${root}src/cli/gateway-client/__generated__/graphql.ts`]: {
      documents: [AGENT, LAST_RUNS, RUN_EVENTS, PAUSED, PENDING],
      plugins: ['typescript-operations'],
    },
  },
};

export default config;
