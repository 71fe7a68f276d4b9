import { ConfigError } from '../config/config-error.ts';
import { type CommandLineConfig, examineConfig } from '../config/config.ts';
import { type Environment, type Flags, readSettings } from '../config/read-settings.ts';
import type { SettingTable, Values } from '../config/settings.ts';

/** What a command is to go by. */
export interface Invocation {
  readonly flags: Flags;
  /** The arguments that are no flags. */
  readonly operands: readonly string[];
  readonly env: Environment;
  /** What is wrong with the command line so far. */
  readonly problems: readonly string[];
}

/** Reads the settings of a command. @throws ConfigError with all problems */
export function settingsOf<T extends SettingTable>(table: T, given: Invocation): Values<T> {
  const { values, problems } = readSettings(table, given);
  throwIfAny([...given.problems, ...problems]);
  return values;
}

/** Reads the settings of the gateway. @throws ConfigError with all problems */
export function gatewayConfigOf({ flags, env, problems }: Invocation): CommandLineConfig {
  const examined = examineConfig(flags, env);
  throwIfAny([...problems, ...examined.problems]);
  return examined.config;
}

/** @throws ConfigError if there are problems */
export function throwIfAny(problems: readonly string[]): void {
  if (problems.length > 0) throw new ConfigError(problems);
}
