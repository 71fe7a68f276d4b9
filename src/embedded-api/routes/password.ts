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

/** Letta's password check. It precedes routing, so unknown paths are 401 too, and compares plain text. */
export function passesPassword(password: string, { path, headers }: ApiRequest): boolean {
  return (
    OPEN_PATHS.has(path) ||
    headers.authorization === `Bearer ${password}` ||
    headers['x-bare-password'] === `password ${password}`
  );
}
