/** What the package offers to programs; the command is in `main.ts`. */
export { CLOUD_URL, type Config, defaults } from './config/config.ts';
export { createGateway, type Gateway } from './gateway.ts';
export { type Listener, type ListenOptions, listen } from './http/listen.ts';
export type { Log } from './observability/log.ts';
