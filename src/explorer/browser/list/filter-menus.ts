import { type ComponentChildren, html, useId } from '../dom.ts';
import { words } from '../format/text.ts';
import { hrefOf, navigate } from '../router.ts';
import { FILTERS, type Filters, searchOf, SPANS } from '../runs/filters.ts';

interface MenuProps {
  readonly label: string;
  readonly children?: ComponentChildren;
}

const close = ({ type, target, currentTarget }: Event & { currentTarget: HTMLElement }): void => {
  const isChoice = type === 'submit' || (target instanceof Element && target.closest('a') !== null);
  if (isChoice) currentTarget.hidePopover();
};

/** A button with a panel below it, which closes when one of its links is followed or its form is sent. */
export function Menu({ label, children }: MenuProps) {
  const id = useId();
  return html`<button type="button" class="opens" data-menu=${label} popovertarget=${id}>${label}</button>
    <div id=${id} popover class="panel overlay" onClick=${close} onSubmit=${close}>${children}</div>`;
}

interface Props {
  readonly filters: Filters;
}

/** Spans of time that end now. */
export function Spans({ filters }: Props) {
  const spans = [['', 'Any time'], ...[...SPANS].map(([value, { label }]) => [value, label])];
  return html`<ul class="options">
    ${spans.map(([value, label]) => {
      const search = searchOf({ ...filters, after: value ? [value] : [], before: [] });
      return html`<li><a href=${hrefOf(search)}>${label}</a></li>`;
    })}
  </ul>`;
}

/** A form of filters. A filter that may have several values gets one more. */
export function FilterForm({ filters, names }: Props & { readonly names: readonly string[] }) {
  const onSubmit = (event: SubmitEvent & { readonly currentTarget: HTMLFormElement }): void => {
    event.preventDefault();
    const changes = [...new FormData(event.currentTarget)].map(([name, entry]) => {
      const text = typeof entry === 'string' ? entry.trim() : '';
      const isTime = text !== '' && FILTERS[name]?.field?.['type'] === 'datetime-local';
      const others = FILTERS[name]?.isList ? (filters[name] ?? []) : [];
      return [name, [...new Set([...others, isTime ? new Date(text).toISOString() : text])].filter(Boolean)];
    });
    navigate(searchOf({ ...filters, ...Object.fromEntries(changes) }));
  };
  return html`<form key=${searchOf(filters)} onSubmit=${onSubmit}>
    ${names.map((name, index) => {
      const { label, field, choices, isList } = FILTERS[name] ?? {};
      const [value] = isList || field?.['type'] ? [] : (filters[name] ?? []);
      return html`<label>
        ${label}
        ${
          choices
            ? html`<select name=${name}>
                <option value="">Any</option>
                ${choices.map((choice) => html`<option value=${choice}>${words(choice)}</option>`)}
              </select>`
            : html`<input
                name=${name}
                ...${field}
                defaultValue=${value}
                autofocus=${index === 0}
                autocomplete="off"
                spellcheck=${false}
              />`
        }
      </label>`;
    })}
    <button>Apply</button>
  </form>`;
}
