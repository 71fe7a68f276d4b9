/** The public API of the package. The command is in `main.ts`, the schema in `runs-gateway/schema`. */
import './runtime/check-node.ts';

export { CLOUD_URL, type Config, defaults } from './config/gateway-settings.ts';
export { createGateway } from './gateway.ts';
export type { Gateway, GatewayOptions } from './gateway-options.ts';
export { type Listener, listen } from './http/listen.ts';
export type { Listenable, ListenOptions, NodeListener } from './http/listen-options.ts';
export type { Log } from './observability/log.ts';
export type { Metrics } from './observability/metrics.ts';
