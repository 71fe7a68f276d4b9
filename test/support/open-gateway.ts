import process from 'node:process';
import type { ProfileOptions } from '../../embedded-api/options.ts';
import { createApi } from '../../embedded-api/routes/api.ts';
import { RunStore } from '../../embedded-api/store/run-store.ts';
import { type Gateway, type GatewayOptions, readGatewayOptions } from '../../src/gateway-options.ts';
import { assembleGateway, type GatewayParts } from '../../src/gateway.ts';
import { agentsOf, type SeedAgent } from './agents.ts';
import { execute, type Headers } from './execute.ts';
import { type Answering, type Script, ScriptedUpstream } from './scripted-upstream.ts';
import { keyFor } from './upstream-variants.ts';

type SeedRun = Parameters<RunStore['insert']>[0] extends Iterable<infer Item> ? Item : never;

/** Where the upstream would be; nothing listens there. */
export const UPSTREAM_URL = 'http://upstream.test';

/** A plugin without hooks has every operation go through all phases of Envelop: `npm run test:long` runs these tests so, too. */
const PLUGINS: readonly object[] = process.env['WITH_A_PLUGIN'] === '1' ? [{}] : [];

export type OpenGateway = Awaited<ReturnType<typeof openGateway>>;

/** Options of a profile apply to the runs API, which is the embedded one. */
export interface OpenGatewayOptions extends ProfileOptions {
  readonly runs?: Iterable<SeedRun>;
  /** @default an agent for each agent id of the runs */
  readonly agents?: Iterable<SeedAgent>;
  /** @default the runs API as it is */
  readonly script?: Script;
  readonly config?: GatewayOptions;
}

/** A gateway in process over a runs API in process: no sockets, and no time but the one of timers. */
export async function openGateway(options: OpenGatewayOptions = {}) {
  const { runs: given = [], agents, script, config, ...profile } = options;
  const runs = [...given];
  /** What the runs API knows. */
  const store = new RunStore();
  store.insert(runs);
  store.agents.insert(agents ?? agentsOf(runs));
  const api = createApi({ ...profile, store, now: () => new Date() });
  const opened = await openGatewayOver(api, { ...keyFor(profile), ...config });
  if (script !== undefined) opened.upstream.script = script;
  return { ...opened, store };
}

/** A gateway in process over an upstream of which the test gives every answer. */
export async function openGatewayOver(
  answer: Answering,
  config: GatewayOptions = {},
  limits: Omit<GatewayParts, 'dispatcher'> = {},
) {
  /** What it is asked, and the script by which it fails. */
  const upstream = new ScriptedUpstream(answer);
  /** Opens another gateway over the same upstream, such as another replica, or one that has learned nothing yet. */
  const another = async (own?: GatewayOptions): Promise<Gateway> => {
    const given = { upstreamUrl: UPSTREAM_URL, plugins: PLUGINS, ...config, ...own };
    return assembleGateway(readGatewayOptions(given), { ...given, dispatcher: upstream, ...limits });
  };
  const gateway = await another();
  const executeHere = <Data>(query: string, variables?: object, headers?: Headers) =>
    execute<Data>(gateway, query, variables, headers);
  return {
    gateway,
    upstream,
    another,
    execute: executeHere,
    /** The data of an operation. @throws Error if there are errors */
    dataOf: async <Data>(query: string, variables?: object, headers?: Headers): Promise<Data> => {
      const { data, errors } = await executeHere<Data>(query, variables, headers);
      if (data === undefined || errors !== undefined) throw new Error(JSON.stringify(errors));
      return data;
    },
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}
