import type { ApiRequest } from './router.ts';

const OPEN_PATHS = new Set([
  '/v1/health',
  '/v1/health/',
  '/v1/ready',
  '/v1/ready/',
  '/latest/health/',
  '/latest/ready',
  '/latest/ready/',
]);

/** Whether anybody may ask. */
export function isOpen({ path }: ApiRequest): boolean {
  return OPEN_PATHS.has(path);
}

/** Letta's password check. It precedes routing, so unknown paths are 401 too, and compares plain text. */
export function passesPassword(password: string, { headers }: ApiRequest): boolean {
  return (
    headers.authorization === `Bearer ${password}` || headers['x-bare-password'] === `password ${password}`
  );
}

export function hasToken({ headers }: ApiRequest): boolean {
  return /^Bearer ./.test(headers.authorization ?? '');
}
