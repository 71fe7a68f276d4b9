// What components are made of: `html` for elements, and the hooks of Preact.

import htm from 'htm';
import { h } from 'preact';

export { render } from 'preact';
export { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';

/** Makes elements from a template: html`<p class=${name}>${text}</p>`. Texts are never parsed as HTML. */
export const html = htm.bind(h);
