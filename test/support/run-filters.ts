import * as fc from 'fast-check';
import { AGENT_IDS, CONVERSATION_IDS, RUN_STATUSES, STOP_REASONS } from './run-fields.ts';
import type { WireFilters } from './run-list.ts';

/** The filter arguments of `runs`, with enum values in capitals. */
export interface Filters {
  readonly active?: boolean;
  readonly agentId?: string;
  readonly agentIds?: readonly string[];
  readonly background?: boolean;
  readonly conversationId?: string;
  readonly statuses?: readonly string[];
  readonly stopReason?: string;
}

/** Each argument with its type in GraphQL and its parameter in REST. `anyFilters` draws values for it. */
export const FILTERS: {
  readonly [Name in keyof Filters]-?: readonly [type: string, parameter: keyof WireFilters];
} = {
  active: ['Boolean', 'active'],
  agentId: ['ID', 'agent_id'],
  agentIds: ['[ID!]', 'agent_ids'],
  background: ['Boolean', 'background'],
  conversationId: ['ID', 'conversation_id'],
  statuses: ['[RunStatus!]', 'statuses'],
  stopReason: ['StopReason', 'stop_reason'],
};

/** For the head of an operation: `$agentId: ID …`. */
export const FILTER_VARIABLES = Object.entries(FILTERS)
  .map(([name, [type]]) => `$${name}: ${type}`)
  .join(', ');

/** For its field: `agentId: $agentId …`. */
export const FILTER_ARGUMENTS = Object.keys(FILTERS)
  .map((name) => `${name}: $${name}`)
  .join(', ');

/** The same filters as REST takes them. */
export function wireFilters(filters: Filters): WireFilters {
  const isEnum = (name: string): boolean => name === 'statuses' || name === 'stopReason';
  const lower = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(lower) : String(value).toLowerCase();
  return Object.fromEntries(
    Object.entries(filters).map(([name, value]) => [
      FILTERS[name as keyof Filters][1],
      isEnum(name) ? lower(value) : value,
    ]),
  );
}

/** The filters as arguments that are written in an operation. */
export function filterText(filters: Filters): string {
  return Object.entries(filters)
    .map(([name, value]) => {
      const text = JSON.stringify(value);
      return `${name}: ${/Status|Reason/.test(FILTERS[name as keyof Filters][0]) ? text.replaceAll('"', '') : text}`;
    })
    .join(', ');
}

const capitals = (texts: readonly string[]): string[] => texts.map((text) => text.toUpperCase());

const anyFilters: fc.Arbitrary<Filters> = fc
  .record(
    {
      status: fc.oneof(
        fc.record({ active: fc.boolean() }),
        fc.subarray(capitals(RUN_STATUSES), { minLength: 1 }).map((statuses) => ({ statuses })),
      ),
      agent: fc.oneof(
        fc.constantFrom(...AGENT_IDS).map((agentId) => ({ agentId })),
        fc.subarray(AGENT_IDS, { minLength: 1 }).map((agentIds) => ({ agentIds })),
      ),
      background: fc.boolean().map((background) => ({ background })),
      conversation: fc.constantFrom(...CONVERSATION_IDS).map((conversationId) => ({ conversationId })),
      stopReason: fc.constantFrom(...capitals(STOP_REASONS)).map((stopReason) => ({ stopReason })),
    },
    { requiredKeys: [] },
  )
  .map((parts): Filters => Object.assign({}, ...Object.values(parts)));

/** Mostly no or one filter: all five at once leave no rows to page through. */
export const randomFilters: fc.Arbitrary<Filters> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  { weight: 3, arbitrary: anyFilters.filter((filters) => Object.keys(filters).length <= 1) },
  { weight: 1, arbitrary: anyFilters },
);
