import process from 'node:process';
import { openListening } from '../../test/support/open-listening.ts';

/** A gateway over runs that are active, so that their list is polled once a second. SIGUSR2 adds one. */
let serial = 0;
const run = () => ({
  id: `run-00000000-0000-4000-8000-${String(++serial).padStart(12, '0')}`,
  agent_id: 'agent-00000000-0000-4000-8000-000000000001',
  status: 'running' as const,
  created_at: new Date().toISOString(),
});
const config = { maxSubscriptions: 100_000, maxConnections: 100_000, maxRequestsPerCaller: 100_000 };
const { store, url } = await openListening({ runs: [run(), run()], config });
process.on('SIGUSR2', () => store.insert([run()]));
process.stdout.write(`${url}/\n`);
