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

/** Letta's password check: comes before routing, so unknown paths are refused too; compares plain texts. */
export function passesPassword(password: string, { path, headers }: ApiRequest): boolean {
  return (
    OPEN_PATHS.has(path) ||
    headers.authorization === `Bearer ${password}` ||
    headers['x-bare-password'] === `password ${password}`
  );
}
