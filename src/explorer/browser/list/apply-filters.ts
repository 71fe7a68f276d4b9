import { navigate, place } from '../router.ts';
import { type Filters, filtersIn, searchOf } from '../runs/filters.ts';

/** The query of the address where some filters have other values. */
export const searchWith = (changes: Filters): string =>
  searchOf({ ...filtersIn(place.get().search), ...changes });

/** Gives some filters other values. */
export function applyFilters(changes: Filters): void {
  navigate(searchWith(changes));
}
