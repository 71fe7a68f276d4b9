import { type GatewayPlugin, pathOf } from '../access/gateway-request.ts';
import type { Journal } from '../observability/journal.ts';

/** Logs and counts each operation, and ends its span. */
export function useOperationLog(journal: Journal): GatewayPlugin {
  return {
    onResponse({ request, response, serverContext: { gateway, requestId, socket } }) {
      if (gateway === undefined) return;
      const { record, credentials, startedAt, signal, hasParams } = gateway;
      const { account, label } = credentials;
      if (signal.aborted) record.code = 'ABORTED';
      const { method, url } = request;
      const { status } = response;
      record.trace?.end?.(record, socket === undefined ? { method, path: pathOf(url), status } : undefined);
      if (signal.aborted) return;
      if (hasParams === true) return journal.operation(record, credentials, performance.now() - startedAt);
      const { code, refusal = '' } = record;
      if (code !== 'OK') journal.refused({ code, message: refusal }, { requestId, account, label });
    },
  };
}
