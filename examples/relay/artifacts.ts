import { registerHooks } from 'node:module';

// The compiler writes `import './RunQuery.graphql'`, and bundlers find `RunQuery.graphql.ts`. So does Node with:
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier.endsWith('.graphql') ? `${specifier}.ts` : specifier, context),
});

export const { default: RunList } = await import('./__generated__/RunList.graphql.ts');
export const { default: RunQuery } = await import('./__generated__/RunQuery.graphql.ts');
export const { default: RunRow } = await import('./__generated__/RunRow.graphql.ts');
export const { default: RunsPageQuery } = await import('./__generated__/RunsPageQuery.graphql.ts');
export const { default: RunsQuery } = await import('./__generated__/RunsQuery.graphql.ts');
export const { default: RunMessages } = await import('./__generated__/RunMessages.graphql.ts');
export const { default: RunMessagesQuery } = await import('./__generated__/RunMessagesQuery.graphql.ts');
export const { default: RunMessagesPageQuery } =
  await import('./__generated__/RunMessagesPageQuery.graphql.ts');
