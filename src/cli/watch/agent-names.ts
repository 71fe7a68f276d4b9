import { LRUCache } from 'lru-cache';
import { ApiError } from '../../client/api-error.ts';
import { readAgent } from '../gateway-client/documents.ts';
import type { ListConfig } from '../gateway-client/list-settings.ts';

const MAX_AGENTS = 1_000;
/** Milliseconds until a name is read again: agents may be renamed, and reading may have failed. */
const NAME_MS = 600_000;
const FAILURE_MS = 60_000;
const MAX_LENGTH = 100;

/** Returns a function that reads the names of agents, and remembers them. A name that can't be read is undefined. */
export function createAgentNames(config: ListConfig): (agentId: string) => Promise<string | undefined> {
  const names = new LRUCache<string, { readonly name: string | undefined }>({
    max: MAX_AGENTS,
    ttl: NAME_MS,
  });
  return async (agentId) => {
    const known = names.get(agentId);
    if (known !== undefined) return known.name;
    try {
      const name = (await readAgent(config, agentId))?.slice(0, MAX_LENGTH).toWellFormed();
      names.set(agentId, { name });
      return name;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      names.set(agentId, { name: undefined }, { ttl: FAILURE_MS });
      return undefined;
    }
  };
}
