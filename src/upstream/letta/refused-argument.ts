import { UpstreamError } from '../../errors/upstream-error.ts';
import { valueOf } from '../../lists/filters.ts';

/** Names the argument of a list that the upstream refused, for clients. Any other error is returned as it is. */
export function namingRefused(
  error: unknown,
  filters: Readonly<Record<string, { readonly parameter: string }>>,
  filter: object,
): unknown {
  if (!(error instanceof UpstreamError)) return error;
  const isRefused = (parameter: string) => error.refusedParameters.some(({ name }) => name === parameter);
  const [argument] =
    Object.entries(filters).find(
      ([name, { parameter }]) => isRefused(parameter) && valueOf(filter, name) !== undefined,
    ) ?? [];
  if (argument === undefined) return error;
  const message = `${argument}: the runs API does not accept this value. It may be too old for it.`;
  return error.with({ refusal: { argument, message } });
}
