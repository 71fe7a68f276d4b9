import { Environment, type GraphQLSingularResponse, Network, RecordSource, Store } from 'relay-runtime';

/**
 * A Relay environment that asks the gateway.
 *
 * @param byId whether to send the ids of queries, which are in `__generated__/persisted-documents.json`, and no texts
 */
export function createEnvironment(url: string, { byId = false } = {}): Environment {
  const network = Network.create(async ({ id, text }, variables) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(byId ? { doc_id: id, variables } : { query: text, variables }),
    });
    const payload: GraphQLSingularResponse = await response.json();
    // `runs` may be null, so Relay would take a page that failed for a list without runs.
    if ('errors' in payload && payload.errors?.[0]) throw new Error(payload.errors[0].message);
    return payload;
  });
  return new Environment({ network, store: new Store(new RecordSource()), getDataID });
}

/** Ids are unique, but for those of tool calls, which come from model providers: a call is kept with its message. */
function getDataID({ id }: Readonly<Record<string, unknown>>, type: string): unknown {
  return type === 'RunToolCall' ? null : id;
}
