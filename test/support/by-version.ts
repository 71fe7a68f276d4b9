import { versionInfo } from 'graphql';

/** Returns what is expected of the version of graphql-js that is installed. */
export function byVersion<T>(of16: T, of17: T): T {
  return versionInfo.major === 16 ? of16 : of17;
}
