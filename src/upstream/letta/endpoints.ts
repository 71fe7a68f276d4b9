import type { UpstreamErrorDetails } from '../../errors/upstream-error.ts';
import { AGENT_FIELDS } from '../../runs/agent-fields.ts';
import { PART_FIELDS } from '../../runs/detail-fields.ts';
import type { ValuesOf } from '../../runs/field.ts';
import type { Items } from '../../runs/runs-source.ts';
import { decodeAgentApprovals } from './decode/decode-agent-approvals.ts';
import { decodeAgent, decodeConversation, decodeStep } from './decode/decode-items.ts';
import { decodeRun } from './decode/decode-runs.ts';
import { driftReporter } from './decode/drift.ts';
import { FIELD_READERS } from './decode/field-readers.ts';
import { asObject, type FieldTable, readerOf } from './decode/read-fields.ts';

export interface Endpoint {
  /** Relative to the root of the API. No slash after an id: the API would redirect, which would lose the credentials. */
  readonly path: string;
  /** Whether one row can make the endpoint answer 500: such a request is neither retried, nor counted by the breaker. */
  readonly mayFailAlone?: boolean;
  /** Whether older servers lack the route, which is `UPSTREAM_UNSUPPORTED`, and no missing object. */
  readonly mayBeMissing?: boolean;
}

/** An endpoint for one object. */
interface ItemEndpoint<Thing> extends Endpoint {
  /** Decodes the object, or a row of its list by the index. @throws DecodeError */
  readonly decode: (json: unknown, row: number | null) => Thing;
  readonly reportDrift?: ReturnType<typeof driftReporter>;
  /** The statuses besides 404 for a missing id, unless they refuse a parameter: some servers check the form of ids. */
  readonly absent?: readonly number[];
  /** The argument to which clients can attribute a 500 of the list. */
  readonly listFailure?: UpstreamErrorDetails['refusal'];
}

interface MessageList extends Endpoint {
  /** Parameters of all requests. */
  readonly query?: string;
  /** Whether pages are in ascending order, whichever end they are read from. */
  readonly isAscending?: true;
}

/** The look-ups, by the id of a run, a step, an agent or a conversation. */
export const ITEMS: { readonly [Name in keyof Items]: ItemEndpoint<Items[Name]> } = {
  run: { path: 'v1/runs/{id}', decode: decodeRun, absent: [400, 422] },
  metrics: { path: 'v1/runs/{id}/metrics', ...part(PART_FIELDS.metrics) },
  step: { path: 'v1/steps/{id}', decode: decodeStep, absent: [422] },
  timing: { path: 'v1/steps/{id}/metrics', ...part(PART_FIELDS.timing), absent: [422] },
  agent: {
    // Without `include`, the API also loads tools, memory and other relations of the agent, which takes twice as long.
    path: 'v1/agents/{id}?include=agent.tags',
    decode: decodeAgent,
    reportDrift: driftReporter(AGENT_FIELDS, undefined),
    absent: [422],
    mayFailAlone: true,
    listFailure: {
      argument: 'search',
      message:
        'The runs API failed for this page of agents (500), as it does if one of them lacks the configuration of its model. Leave that one out by name, search or tags, or page as far as it from either end, by first and by last.',
    },
  },
  conversation: {
    path: 'v1/conversations/{id}',
    decode: decodeConversation,
    absent: [422],
    mayBeMissing: true,
  },
  agentApprovals: {
    path: 'v1/agents/{id}?include=agent.pending_approval&include=agent.tools',
    decode: decodeAgentApprovals,
    absent: [422],
    mayFailAlone: true,
  },
};

/** The lists of one run, oldest first. The lists of all runs, agents and conversations are in `runs/*-list.ts`. */
export const RUN_ITEMS = {
  steps: { path: 'v1/runs/{id}/steps' },
  // Images of some sources, and agents without a model's configuration, make the API fail.
  messages: { path: 'v1/runs/{id}/messages', mayFailAlone: true },
} as const satisfies Readonly<Record<string, Endpoint>>;

/** Runs by filters of dates. The route may fail while all others are served. */
export const INTERNAL_RUNS = { path: 'v1/_internal_runs/', mayFailAlone: true } as const satisfies Endpoint;

/** The messages of a run, of an agent's default conversation, and of another one. */
export const MESSAGE_LISTS: Readonly<Record<'run' | 'agent' | 'conversation', MessageList>> = {
  run: RUN_ITEMS.messages,
  agent: {
    path: 'v1/agents/{id}/messages',
    query: 'conversation_id=default&',
    isAscending: true,
    mayFailAlone: true,
  },
  conversation: { path: 'v1/conversations/{id}/messages', mayFailAlone: true },
};

export const CANCEL_PATH = 'v1/agents/{id}/messages/cancel';

/** The paths for answers to pending requests: of an agent's default conversation, and of another one. */
export const ANSWER_PATHS = {
  agent: 'v1/agents/{id}/messages/async',
  conversation: 'v1/conversations/{id}/messages',
} as const;

/** Answers 200 without credentials while the server is up. */
export const HEALTH_PATH = 'v1/health/';

/** Returns an endpoint with the id filled in, and a query. */
export function at(endpoint: Endpoint, id: string, query?: string): Endpoint {
  const path = pathWith(endpoint.path, id);
  return { ...endpoint, path: query === undefined ? path : `${path}?${query}` };
}

export function pathWith(path: string, id: string): string {
  return path.replace('{id}', () => encodeURIComponent(id));
}

/** Returns the decoder and the drift reporter of an object that has only the fields of a table. */
function part<Fields extends FieldTable>(table: { fields: Fields; ignored: readonly string[] }) {
  const read = readerOf(table.fields, FIELD_READERS);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Its fields are those of the table.
  const decode = (json: unknown) => read(asObject(json, 'an object')) as ValuesOf<Fields>;
  return { decode, reportDrift: driftReporter(table.fields, table.ignored) };
}
