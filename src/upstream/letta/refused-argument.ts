import { type RefusedParameter, UpstreamError } from '../../errors/upstream-error.ts';
import { quote } from '../../lists/errors.ts';
import { enumValues, isRunEnum } from '../../runs/run-enums.ts';
import { RUN_FILTER_NAMES, RUN_FILTERS, type RunFilter, type RunFilterName } from '../../runs/run-list.ts';

/**
 * Names the argument of a list that the upstream refused, for clients: a server may be too old for a value, or check more
 * than others do. Any other error is returned as it is.
 */
export function namingRefused(error: unknown, filter: RunFilter): unknown {
  if (!(error instanceof UpstreamError)) return error;
  for (const parameter of error.refusedParameters) {
    const argument = RUN_FILTER_NAMES.find(
      (name) => RUN_FILTERS[name].parameter === parameter.name && filter[name] !== undefined,
    );
    if (argument === undefined) continue;
    return error.with({ refusal: { argument, message: refusal(argument, filter, parameter) } });
  }
  return error;
}

function refusal(argument: RunFilterName, filter: RunFilter, { value, allowed }: RefusedParameter): string {
  const { type } = RUN_FILTERS[argument].argument;
  const values = isRunEnum(type) ? type : null;
  const sent = [filter[argument]].flat();
  const refused = sent.filter((each) => each === value);
  const accepted = values === null ? [] : enumValues(values).filter((each) => allowed?.includes(each));
  const show = (each: unknown): string => (values === null ? quote(each) : String(each).toUpperCase());
  const what = (refused.length === 0 ? sent : refused).slice(0, 10).map(show).join(', ');
  const why = `${argument}: the runs API does not accept ${what}`;
  return accepted.length === 0 ? `${why}.` : `${why}; it accepts ${accepted.map(show).join(', ')}.`;
}
