import { stopClock } from '../../support/clock.ts';
import { runAt } from '../../support/live-runs.ts';
import { openGateway, type OpenGatewayOptions } from '../../support/open-gateway.ts';

export const as = (name: string) => ({ authorization: `Bearer ${name}` });
export const RUNNING = runAt(1, 899, { status: 'running' });

/** A gateway over that run unless others are given, a second after its creation, and the clock. */
export async function openLive(options: OpenGatewayOptions = {}) {
  const clock = stopClock('2026-01-01T00:15:00Z');
  return { ...(await openGateway({ runs: [RUNNING], ...options })), clock };
}
