import { isDeepStrictEqual } from 'node:util';
import type { Log } from '../observability/log.ts';
import { readAccessTokens } from '../server/access-tokens.ts';
import { type Config, type ProgramConfig, readOptions } from './config.ts';
import type { FromFiles } from './watched-files.ts';

const NAMES = ['apiKey', 'accessTokens', 'readOnlyAccessTokens', 'routerSecrets'] as const;
/** Secrets of which callers need one if any are set. */
const KINDS = [['accessTokens', 'readOnlyAccessTokens'], ['routerSecrets']] as const;
/** Replaced secrets that are remembered, to be kept out of texts. */
const MAX_FORMER = 1_000;

/** The settings that can be replaced while the gateway serves. */
export type GatewaySecrets = Pick<Config, (typeof NAMES)[number]>;

export function secretsIn(config: Config): GatewaySecrets {
  const { apiKey, accessTokens, readOnlyAccessTokens, routerSecrets } = config;
  return { apiKey, accessTokens, readOnlyAccessTokens, routerSecrets };
}

export interface ReplaceableSecrets extends FromFiles {
  /** What must not appear in texts of the upstream: the secrets, replaced ones included. */
  readonly hidden: readonly string[];
  /** @throws TypeError with all problems; nothing is replaced then */
  replace(secrets: Partial<GatewaySecrets>): void;
}

/**
 * Replaces secrets while the gateway serves, by secrets of a program or of files.
 *
 * @param apply makes the new secrets count in place of all former ones
 */
export function createReplaceableSecrets(
  config: ProgramConfig,
  apply: (secrets: GatewaySecrets) => void,
  log: Log,
): ReplaceableSecrets {
  const inFiles = NAMES.filter((name) => config[`${name}File`] !== undefined);
  const hidden: string[] = [];
  let current = config;

  const hide = (secrets: GatewaySecrets): void => {
    const latest = [secrets.apiKey ?? [], readAccessTokens(secrets).map(({ token }) => token)].flat();
    const former = hidden.filter((secret) => !latest.includes(secret));
    hidden.splice(0, hidden.length, ...former.slice(-MAX_FORMER), ...latest);
  };
  const replace = (replaced: Partial<GatewaySecrets>): void => {
    const next = readOptions({ ...current, ...replaced });
    if (isDeepStrictEqual(secretsIn(next), secretsIn(current))) return;
    const isAnySet = (secrets: GatewaySecrets, names: (typeof KINDS)[number]): boolean =>
      names.some((name) => secrets[name].length > 0);
    const changed = KINDS.find((names) => isAnySet(next, names) !== isAnySet(config, names));
    if (changed !== undefined)
      throw new TypeError(`${changed[0]}: whether callers need one is decided at start`);
    apply(next);
    hide(next);
    const labels = readAccessTokens(next).flatMap(({ label }) => label ?? []);
    log.info({ labels, isNewKey: next.apiKey !== current.apiKey }, 'Secrets were replaced');
    current = next;
  };

  hide(config);
  return {
    hidden,
    replace,
    files: inFiles.map((name) => config[`${name}File`]),
    // A secret that is undefined is read from its file.
    read: () => replace(Object.fromEntries(inFiles.map((name) => [name, undefined]))),
    failure: 'Secrets were not replaced, and the old ones count',
  };
}
