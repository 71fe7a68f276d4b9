import { Pool } from 'undici';
import type { Service } from './service.ts';

/** One request of GraphQL, made over and over. */
export interface Ask {
  readonly query: string;
  readonly variables?: object;
  /** @default POST */
  readonly method?: 'GET';
}

/** The fields of a run that are measured. */
export const FIELDS = `id status createdAt completedAt agentId conversationId background stopReason
  totalDurationNs ttftNs metadata requestConfig { useAssistantMessage assistantMessageToolName }
  callbackUrl callbackStatusCode`;

/** What is selected of a page. */
export const BODY = `edges { cursor node { ${FIELDS} } } pageInfo { hasNextPage endCursor }`;

/** The page as a client with variables asks for it. */
export function askForPage(first: number): Ask {
  return { query: `query Page($first: Int) { runs(first: $first) { ${BODY} } }`, variables: { first } };
}

/** @throws Error for any other status than 200 */
export async function askOnce(pool: Pool, ask: Ask, caller = 'anyone'): Promise<Buffer> {
  const { query, variables = {}, method = 'POST' } = ask;
  const search = new URLSearchParams({ query, variables: JSON.stringify(variables) });
  const { statusCode, body } = await pool.request({
    method,
    path: method === 'GET' ? `/graphql?${search}` : '/graphql',
    headers: {
      authorization: `Bearer ${caller}`,
      accept: 'application/graphql-response+json, application/json',
      'content-type': 'application/json',
    },
    body: method === 'GET' ? null : JSON.stringify({ query, variables }),
  });
  const bytes = Buffer.from(await body.arrayBuffer());
  if (statusCode !== 200) throw new Error(`${query}: ${statusCode} ${bytes.toString().slice(0, 500)}`);
  return bytes;
}

/** The second answer: the first may be made differently, before anything is compiled. @throws Error if it has errors */
export async function checkedAnswer(service: Service, ask: Ask): Promise<Buffer> {
  const pool = new Pool(service.url);
  await askOnce(pool, ask);
  const answer = await askOnce(pool, ask);
  await pool.close();
  if (answer.includes('"errors"')) throw new Error(`${ask.query}: ${answer.toString().slice(0, 500)}`);
  return answer;
}

/** The rows of an answer in one form, whatever server made it: instants in UTC, enums in upper case. */
export function rowsOf(answer: Buffer): readonly Readonly<Record<string, unknown>>[] {
  const { data } = JSON.parse(answer.toString(), normalValue);
  return data.runs.edges.map(({ node }: { node: object }) => node);
}

function normalValue(key: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (key === 'stopReason') return value.toUpperCase();
  return key.endsWith('edAt') ? new Date(/Z$|[+-]\d\d:\d\d$/.test(value) ? value : `${value}Z`) : value;
}
