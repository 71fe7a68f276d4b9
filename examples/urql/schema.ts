import { Client, fetchExchange, gql, type TypedDocumentNode } from '@urql/core';
import type { CacheExchangeOpts } from '@urql/exchange-graphcache';

export type Schema = NonNullable<CacheExchangeOpts['schema']>;

/** As much of the schema as the cache needs to know which fragments match, and what may be null. */
const SCHEMA: TypedDocumentNode<Schema> = gql`
  query Schema {
    __schema {
      queryType {
        name
      }
      types {
        kind
        name
        interfaces {
          kind
          name
        }
        possibleTypes {
          kind
          name
        }
        fields {
          name
          type {
            ...Type
          }
          args {
            name
            type {
              ...Type
            }
          }
        }
      }
    }
  }

  fragment Type on __Type {
    kind
    name
    ofType {
      kind
      name
      ofType {
        kind
        name
        ofType {
          kind
          name
        }
      }
    }
  }
`;

/** Asks the gateway for its schema. An app would have it from when it was built. */
export async function loadSchema(url: string): Promise<Schema> {
  const client = new Client({ url, exchanges: [fetchExchange] });
  const { data, error } = await client.query(SCHEMA, {}).toPromise();
  if (data === undefined) throw error ?? new Error('The gateway does not tell its schema.');
  return data;
}
