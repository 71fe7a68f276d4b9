import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Journal } from '../observability/journal.ts';

/** A request listener for Node's http module and frameworks built on it. */
export type NodeListener = (request: IncomingMessage, response: ServerResponse) => void;

/** Handles the upgrade of a connection, as `server.on('upgrade')` gives it. */
export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** The settings of a gateway that `listen` uses; see `docs/configuration.md`. */
export interface ListenSettings {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** Path of a Unix socket to listen on instead. */
  readonly socketPath?: string | undefined;
  /** Open connections; further ones are closed at once. */
  readonly maxConnections: number;
  /** Milliseconds in which everything is still served when the listener is disposed of. */
  readonly drainGraceMs: number;
  /** Milliseconds that requests in flight get to finish after that. */
  readonly drainTimeoutMs: number;
  /** The hosts that the listener serves; undefined for any. */
  readonly allowedHosts?: readonly string[] | undefined;
}

/** The part of a gateway that `listen` needs: its handlers and settings. */
export interface Listenable extends ListenSettings {
  readonly listener: NodeListener;
  /** Handles upgrades to WebSockets; without it they are refused. */
  readonly upgrade?: UpgradeHandler;
  /** Closes the WebSockets that have no operation, each at a random time within so many milliseconds, the others later. */
  readonly closeUpgraded?: (withinMs: number) => void;
  /** Ends subscriptions between two times. Called when draining begins. */
  readonly startDraining?: (withinMs: number, fromMs: number) => void;
  /** Receives connections that are closed, requests for hosts that are not served, and errors of the server. */
  readonly journal?: Pick<Journal, 'connectionClosed' | 'refused' | 'failed'>;
}

/** Options of `listen`, which override the settings of the gateway. */
export interface ListenOptions extends Partial<Omit<ListenSettings, 'allowedHosts'>> {
  /** Milliseconds for the headers of a request. @default 10000 */
  readonly headersTimeoutMs?: number;
  /** Milliseconds for a whole request, with its body. @default 30000 */
  readonly requestTimeoutMs?: number;
  /** Milliseconds that a connection may be idle between requests. @default 5000 */
  readonly keepAliveTimeoutMs?: number;
  /** Milliseconds after which the connection of a client that reads nothing is closed. @default 30000 */
  readonly writeTimeoutMs?: number;
}

/** Milliseconds in which idle connections are closed, with a margin. */
const SETTLING_MS = 1_000;

/** Returns when streams end, in milliseconds from the beginning of draining: `fromMs` the first, `withinMs` the last. */
export function streamsEnd(drainGraceMs: number, drainTimeoutMs: number) {
  return {
    // Clients subscribe again at once. Before this time, their proxy might choose this gateway again.
    fromMs: drainGraceMs + Math.min(SETTLING_MS, drainTimeoutMs / 4),
    // The remaining time is for clients that read slowly.
    withinMs: drainGraceMs + drainTimeoutMs / 2,
  };
}
