import { env } from 'node:process';
import { startRunsApi } from '../../embedded-api/routes/server.ts';
import { insertSamples } from '../../embedded-api/samples/sample-runs.ts';
import { RunStore } from '../../embedded-api/store/run-store.ts';
import { ADDRESS_VARIABLES } from './address-variables.ts';
import { describeRunsApi } from './runs-api-contract.ts';
import type { Target } from './target.ts';
import { embeddedWorkshop, openWorkshop } from './workshop.ts';

const NOW = new Date('2026-11-20T17:00:00Z');

/** More runs than one request reaches, and fewer. */
const EMBEDDED = [
  { profile: 'self-hosted', dialect: 'reversed', count: 1150, password: undefined },
  { profile: 'self-hosted', dialect: 'documented', count: 320, password: 'correct-horse' },
  { profile: 'cloud', dialect: 'reversed', count: 1150, password: 'correct-horse' },
  { profile: 'cloud', dialect: 'documented', count: 320, password: 'correct-horse' },
] as const;

const address = env[ADDRESS_VARIABLES.upstream];
if (address === undefined) {
  for (const target of EMBEDDED) {
    const { profile, dialect, count } = target;
    describeRunsApi(`the embedded runs API, ${profile}, ${dialect}, ${count} runs`, () =>
      startEmbedded(target),
    );
  }
} else {
  const userId = env[ADDRESS_VARIABLES['user-id']];
  const inUse = 'the server may be in use by others';
  const llm = env[ADDRESS_VARIABLES['approvals-llm']];
  describeRunsApi(`the runs API at ${address}`, async () => {
    const target: Target = {
      baseUrl: address,
      apiKey: env[ADDRESS_VARIABLES['api-key']],
      userId,
      profile: env[ADDRESS_VARIABLES.profile] === 'cloud' ? 'cloud' : 'self-hosted',
      leftOut: {
        approvals: llm === undefined ? 'they are tried on agents of our own, by --approvals-llm' : undefined,
        'other methods': inUse,
        'the gateway': userId === undefined ? undefined : 'the gateway never passes user_id on',
      },
      async [Symbol.asyncDispose]() {},
    };
    return llm === undefined ? target : { ...target, openWorkshop: () => openWorkshop(target, llm) };
  });
}

async function startEmbedded({ count, ...options }: (typeof EMBEDDED)[number]): Promise<Target> {
  const store = new RunStore();
  insertSamples(store, { count, seed: 7, now: NOW });
  const { profile, dialect, password: apiKey } = options;
  let passed = 0;
  const now = () => new Date(Date.now() + passed);
  const shop = embeddedWorkshop(store, () => (passed += 500));
  const api = await startRunsApi({ store, now, ...options });
  return { ...api, apiKey, profile, dialect, openWorkshop: async () => shop };
}
