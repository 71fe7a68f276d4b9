import { type RefusedParameter, UpstreamError } from '../../errors/upstream-error.ts';
import { quote } from '../../lists/errors.ts';
import { valueOf } from '../../lists/filters.ts';
import { enumValues, isRunEnum } from '../../runs/run-enums.ts';

/** The arguments of a list by which its rows are filtered. */
type FilterArguments = Readonly<
  Record<string, { readonly parameter: string; readonly argument: { readonly type: string } }>
>;

/**
 * Names the argument of a list that the upstream refused, for clients: a server may be too old for a value, or check more
 * than others do. Any other error is returned as it is.
 */
export function namingRefused(error: unknown, filters: FilterArguments, filter: object): unknown {
  if (!(error instanceof UpstreamError)) return error;
  for (const refused of error.refusedParameters) {
    for (const [name, { parameter, argument }] of Object.entries(filters)) {
      const value = valueOf(filter, name);
      if (parameter !== refused.name || value === undefined) continue;
      const message = refusal(name, argument.type, [value].flat(), refused);
      return error.with({ refusal: { argument: name, message } });
    }
  }
  return error;
}

function refusal(
  argument: string,
  type: string,
  sent: readonly unknown[],
  { value, allowed }: RefusedParameter,
): string {
  const values = isRunEnum(type) ? type : null;
  const refused = sent.filter((each) => each === value);
  const accepted = values === null ? [] : enumValues(values).filter((each) => allowed?.includes(each));
  const show = (each: unknown): string => (values === null ? quote(each) : String(each).toUpperCase());
  const what = (refused.length === 0 ? sent : refused).slice(0, 10).map(show).join(', ');
  const why = `${argument}: the runs API does not accept ${what}`;
  return accepted.length === 0 ? `${why}.` : `${why}; it accepts ${accepted.map(show).join(', ')}.`;
}
