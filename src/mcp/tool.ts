import * as z from 'zod';
import type { Operations } from './__generated__/graphql.ts';
import type { Answer } from './answer.ts';

/** The text of an operation. The types of its variables and of its data are for the compiler only. */
export interface Document<Data, Variables> {
  readonly text: string;
  types?(variables: Variables): Data;
}

/** Returns the document of the operation with a name. */
export const documentOf = <Name extends keyof Operations>(
  text: string,
): Document<Operations[Name]['data'], Operations[Name]['variables']> => ({ text });

/** A tool: a document of ours, the variables for its arguments, and what is said of its data. */
export interface Tool<Input extends z.ZodObject = z.ZodObject, Data = unknown, Variables = object> {
  readonly name: string;
  /** When to choose this tool; its arguments describe themselves. */
  readonly description: string;
  readonly input: Input;
  readonly document: Document<Data, Variables>;
  variables(args: z.output<Input>, now: number): Variables;
  answer(data: Data, args: z.output<Input>, now: number): Answer;
  /** Hints for clients about a tool that changes something, which not everyone may call. */
  readonly writes?: { readonly destructiveHint: boolean; readonly idempotentHint: boolean };
  /** Of a subscription: how long to wait, and whether the data is what is waited for. */
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

const id = z.string().min(1).max(200);
/** Arguments of several tools. */
export const runId = id.describe('Id of a run, from list_runs');
export const agentId = id.describe('Id of an agent, from find_agents or a row');
export const conversationId = id;
export const paging = {
  limit: z.int().min(1).max(50).default(20),
  cursor: z.string().min(1).max(1000).optional().describe('From "rest" of the answer before'),
};

/**
 * Returns the list of an answer, which says how to go on.
 *
 * @param nodes their ids are cursors
 * @param more whether there are more, or the cursor to go on from
 */
export function listOf(
  name: string,
  nodes: readonly { readonly id: string }[] | undefined,
  more: boolean | string | null | undefined,
  { keepsEnd = false, end = nodes === undefined ? 'They could not be read.' : 'This is all.' } = {},
): NonNullable<Answer['list']> {
  const items = nodes ?? [];
  const rest = (shown: number): string => {
    const isCut = shown < items.length || more === true;
    const cursor = isCut ? items.at(keepsEnd ? -shown : shown - 1)?.id : more || undefined;
    return cursor === undefined ? end : `There are more: call again with cursor ${cursor}`;
  };
  return { name, items, keepsEnd, rest };
}
