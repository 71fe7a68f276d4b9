import type { Random } from '../../embedded-api/samples/random.ts';
import type { Filters } from '../support/run-filters.ts';
import {
  type Answer,
  type AskedField,
  problemOfField,
  refusedField,
  servedField,
  valueAt,
} from './answer.ts';
import { type ExpectedRuns, ROW_SELECTION } from './expected-runs.ts';
import { agentRunsText, createPages } from './pages.ts';

/** A request for GraphQL, and what the answer must be. */
export interface SoakOperation {
  readonly query: string;
  /** Everything that is wrong with the answer. */
  readonly problemsOf: (answer: Answer) => readonly string[];
}

type Refusals = readonly [Refusal, ...Refusal[]];
/** What is asked for, and the code of the error that has to come. */
type Refusal = readonly [string, string];

const NOBODY = servedField('run(id: "run-00000000-0000-4000-8000-00000000dead") { id }', (value) =>
  value === null ? null : 'a run that is not there',
);

/** Arguments that must be refused without asking the upstream. */
const BAD_ARGUMENTS: Refusals = [
  ['first: -1', 'BAD_USER_INPUT'],
  ['first: 1001', 'BAD_USER_INPUT'],
  ['first: 1, last: 1', 'BAD_USER_INPUT'],
  ['active: true, statuses: [FAILED]', 'BAD_USER_INPUT'],
  ['statuses: []', 'BAD_USER_INPUT'],
  ['agentId: ""', 'BAD_USER_INPUT'],
  ['stopReason: UNRECOGNIZED', 'BAD_USER_INPUT'],
  ['ascending: true, order: DESC', 'BAD_USER_INPUT'],
  ['after: ""', 'INVALID_CURSOR'],
  ['before: "bm9uZQ"', 'INVALID_CURSOR'],
];

const BAD_DOCUMENTS: Refusals = [
  ['{ runs(first: 1 { nodes { id } } }', 'GRAPHQL_PARSE_FAILED'],
  ['{ runs(first: 1) { nodes { nothing } } }', 'GRAPHQL_VALIDATION_FAILED'],
  ['{ runs(frist: 1) { nodes { id } } }', 'GRAPHQL_VALIDATION_FAILED'],
];

/** An endless mix of what clients ask for, the same for the same seed and answers. */
export function createOperations(expected: ExpectedRuns, random: Random): () => SoakOperation {
  const pages = createPages(expected, random);
  const anyRun = () => {
    const run = expected.newestFirst[random.between(0, expected.newestFirst.length - 1)];
    if (run === undefined) throw new Error('There are no runs');
    return run;
  };

  const anyFilters = (): Filters => {
    const { agent_id: agentId, conversation_id: conversationId, stop_reason: reason, status } = anyRun();
    const same = status.toUpperCase();
    return random.pick<Filters>([
      {},
      {},
      { active: true },
      { agentId },
      { agentIds: [agentId, anyRun().agent_id] },
      conversationId === null ? {} : { conversationId },
      { background: false },
      { statuses: [same] },
      { statuses: ['FAILED', same], background: true },
      reason === null ? {} : { stopReason: reason.toUpperCase() },
    ]);
  };

  const runById = (): AskedField => {
    const run = anyRun();
    return servedField(`run(id: "${run.id}") { ${ROW_SELECTION} }`, (value) =>
      expected.problemOfRow(run, value),
    );
  };
  const agentOfRun = (): AskedField => {
    const { id, agent_id: agentId } = anyRun();
    const size = random.between(0, 5);
    return servedField(`run(id: "${id}") { ${agentRunsText(size)} }`, (value, errors) => {
      const runs = valueAt(valueAt(value, 'agent'), 'runs') ?? null;
      if (runs === null && errors.length > 0) return null;
      return pages.problemOfFirst(size, { agentId }, runs);
    });
  };
  const refused = (): AskedField => {
    const [text, code] = random.pick(BAD_ARGUMENTS);
    return refusedField(`runs(${text}) { nodes { id } }`, code);
  };

  const anyField = (): AskedField => {
    const dice = random.next();
    if (dice < 0.72) return pages.ask(anyFilters());
    if (dice < 0.84) return runById();
    if (dice < 0.87) return NOBODY;
    if (dice < 0.93) return agentOfRun();
    return refused();
  };

  return () => {
    if (random.chance(0.03)) return badDocument(...random.pick(BAD_DOCUMENTS));
    const count = random.chance(0.8) ? 1 : random.between(2, 4);
    return operationOf(Array.from({ length: count }, anyField));
  };
}

function operationOf(fields: readonly AskedField[]): SoakOperation {
  const named = fields.map((field, index) => [`f${index}`, field] as const);
  return {
    query: `query Soak { ${named.map(([alias, { text }]) => `${alias}: ${text}`).join(' ')} }`,
    problemsOf(answer) {
      const unexpected =
        answer.errors?.filter(({ path }) => !named.some(([alias]) => alias === path?.[0])) ?? [];
      return [
        ...unexpected.map((error) => `an error of no field: ${JSON.stringify(error)}`),
        ...named.flatMap(([alias, field]) => {
          const problem = problemOfField(alias, field, answer);
          return problem === null ? [] : [`${alias}: ${problem}`];
        }),
      ];
    },
  };
}

function badDocument(query: string, code: string): SoakOperation {
  return {
    query,
    problemsOf({ data, errors = [] }) {
      if (errors.length > 0 && errors.every(({ extensions }) => extensions?.code === code)) {
        return data === undefined || data === null ? [] : [`${code} with data`];
      }
      return [`expected ${code}, but got ${JSON.stringify(errors)}`];
    },
  };
}
