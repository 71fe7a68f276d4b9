import * as z from 'zod';
import type { Operations } from './__generated__/graphql.ts';
import type { ToolResult } from './tool-result.ts';

/** The text of an operation. The types of its variables and of its data are for the compiler only. */
export interface Document<Data, Variables> {
  readonly text: string;
  types?(variables: Variables): Data;
}

/** Returns the document of the operation with a name. */
export const documentOf = <Name extends keyof Operations>(
  text: string,
): Document<Operations[Name]['data'], Operations[Name]['variables']> => ({ text });

/** A tool: a document of the gateway, the variables for its arguments, and the result that is made of its data. */
export interface Tool<Input extends z.ZodObject = z.ZodObject, Data = unknown, Variables = object> {
  readonly name: string;
  /** When to choose this tool; its arguments describe themselves. */
  readonly description: string;
  readonly input: Input;
  readonly document: Document<Data, Variables>;
  variables(args: z.output<Input>, now: number): Variables;
  result(data: Data, args: z.output<Input>, now: number): ToolResult;
  /** Hints for clients about a tool that changes something, which not everyone may call. */
  readonly writes?: { readonly destructiveHint: boolean; readonly idempotentHint: boolean };
  /** Whether a result has ids of runs, which the caller can see on a page. */
  readonly showsRuns?: true;
  /** For a subscription: how long to wait, and whether the awaited data has come. */
  readonly waits?: {
    milliseconds(args: z.output<Input>): number;
    hasCome(data: Data): boolean;
  };
}

/** Returns a tool whose functions take what its input and its document give. */
export function tool<Input extends z.ZodObject, Data, Variables extends object>(
  row: Tool<Input, Data, Variables>,
): Tool {
  return row;
}

/** The arguments that are ids: what each id is of, and which tool finds it. See also {@link namedIn}. */
export const IDS = {
  runId: ['a run', 'list_runs'],
  agentId: ['an agent', 'find_agents'],
  conversationId: ['a conversation', 'find_conversations'],
} as const;
const idOf = (name: keyof typeof IDS) =>
  z
    .string()
    .min(1)
    .max(200)
    .describe(`Id of ${IDS[name].join(', from ')}`);

/** Arguments of several tools. */
export const runId = idOf('runId');
export const agentId = idOf('agentId');
export const conversationId = idOf('conversationId');
export const paging = {
  limit: z.int().min(1).max(50).default(20),
  cursor: z.string().min(1).max(1000).optional().describe('From "rest" of the result before'),
};
export const ORDERS = { newest: 'DESC', oldest: 'ASC' } as const;
export const order = z.enum(['newest', 'oldest']).default('newest').describe('Which come first');

interface Named {
  readonly agentId?: string | undefined;
  readonly conversationId?: string | undefined;
}

/** Returns the ids that narrow a list. The document also looks them up, as `named`, so that a missing one is an error. */
export function namedIn({ agentId: agent, conversationId: conversation }: Named): string[] {
  return [agent, conversation].filter((each) => each !== undefined);
}

/** The end of a list of which nothing is left out. */
const ALL = 'This is all.';

interface ListOptions {
  readonly keepsEnd?: boolean;
  readonly end?: string | undefined;
  readonly cursor?: string | undefined;
}

/**
 * Returns the list of a result, which says how to go on.
 *
 * @param nodes the items, whose ids are cursors
 * @param more whether there are more items, or the cursor to go on from
 * @param cursor the cursor of the call; without one, a list that has no more items has a total
 */
export function listOf(
  name: string,
  nodes: readonly { readonly id: string }[] | undefined,
  more: boolean | string | null | undefined,
  { keepsEnd = false, end = nodes === undefined ? 'They could not be read.' : ALL, cursor }: ListOptions = {},
): NonNullable<ToolResult['list']> {
  const items = nodes ?? [];
  const total = cursor === undefined && !more && end === ALL ? items.length : undefined;
  const rest = (shown: number): string => {
    const isCut = shown < items.length || more === true;
    const next = isCut ? items.at(keepsEnd ? -shown : shown - 1)?.id : more || undefined;
    return next === undefined ? end : `There are more: call again with cursor ${next}`;
  };
  return { name, items, keepsEnd, total, rest };
}
