import { hash } from 'node:crypto';
import type { CallerKey } from '../credentials.ts';

/** The key of a caller in what is remembered: keeps no credentials, and is short for long ones. */
export function callerDigest(caller: CallerKey): string {
  return hash('sha256', caller, 'base64');
}
