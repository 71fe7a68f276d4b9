import { isDeepStrictEqual } from 'node:util';
import { readAccessTokens } from '../access/access-tokens.ts';
import type { Log } from '../observability/log.ts';
import { readOptions } from './config.ts';
import type { GatewayConfig } from './program-options.ts';

const NAMES = ['apiKey', 'accessTokens', 'readOnlyAccessTokens', 'routerSecrets'] as const;
/** Groups of secrets: if any secret of a group is set, callers must send one of the group. */
const GROUPS = [['accessTokens', 'readOnlyAccessTokens'], ['routerSecrets']] as const;
/** How many replaced secrets are remembered, since the upstream may still quote them. */
const MAX_FORMER = 1_000;

/** The settings that can be replaced while the gateway serves. */
export type GatewaySecrets = Pick<GatewayConfig, (typeof NAMES)[number]>;

const secretsIn = (config: GatewayConfig): readonly unknown[] => NAMES.map((name) => config[name]);

/**
 * Replaces secrets while the gateway serves, by secrets of a program or of files.
 *
 * @param apply puts the new secrets into effect, in place of all former secrets
 */
export function createReplaceableSecrets(
  config: GatewayConfig,
  apply: (secrets: GatewaySecrets) => void,
  log: Log,
) {
  const inFiles = NAMES.filter((name) => config[`${name}File`] !== undefined);
  const hidden: string[] = [];
  let current = config;

  const hide = (secrets: GatewaySecrets): void => {
    const latest = [secrets.apiKey ?? [], readAccessTokens(secrets).map(({ token }) => token)].flat();
    const former = hidden.filter((secret) => !latest.includes(secret));
    hidden.splice(0, hidden.length, ...former.slice(-MAX_FORMER), ...latest);
  };
  /** @throws TypeError with all problems; nothing is replaced then */
  const replace = (replaced: Partial<GatewaySecrets>): void => {
    const next = readOptions({ ...current, ...replaced }, true);
    if (isDeepStrictEqual(secretsIn(next), secretsIn(current))) return;
    const isAnySet = (secrets: GatewaySecrets, names: (typeof GROUPS)[number]): boolean =>
      names.some((name) => secrets[name].length > 0);
    const changed = GROUPS.find((names) => isAnySet(next, names) !== isAnySet(config, names));
    if (changed !== undefined)
      throw new TypeError(`${changed[0]}: whether callers must send one is fixed at start`);
    apply(next);
    hide(next);
    const labels = readAccessTokens(next).flatMap(({ label }) => label ?? []);
    log.info({ labels, isNewKey: next.apiKey !== current.apiKey }, 'The secrets were replaced');
    current = next;
  };

  hide(config);
  return {
    /** The secrets to remove from texts of the upstream, replaced secrets included. */
    hidden: hidden as readonly string[],
    replace,
    files: inFiles.map((name) => config[`${name}File`]),
    // A secret that is undefined is read from its file.
    read: () => replace(Object.fromEntries(inFiles.map((name) => [name, undefined]))),
    failure: 'The secrets were not replaced; the old secrets stay in effect',
  };
}
