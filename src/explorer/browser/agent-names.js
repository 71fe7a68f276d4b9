// The names of agents. Each is asked for once: every name that isn't known takes the gateway a request.

import { queryField } from './api.js';
import documents from './documents.js';
import { useEffect } from './dom.js';
import { brief } from './format.js';
import { createStore, useStore } from './store.js';

/** Milliseconds for which ids are collected that are asked for together, and how many of them. */
const PAUSE_MS = 50;
const MAX_IDS = 50;

/** By id; null for an agent that is gone or has no name. @type {Map<string, string | null>} */
const names = new Map();
const version = createStore({ count: 0 });
/** @type {Set<string>} */
let wanted = new Set();

/**
 * @param {string} id
 * @param {string | null | undefined} name
 */
export function knowAgent(id, name) {
  if (names.get(id) === name) return;
  names.set(id, name ?? null);
  version.set({ count: names.size });
}

/**
 * The name of an agent; the beginning of its id until it is known.
 *
 * @param {string} id empty for none
 */
export function useAgentName(id) {
  useStore(version);
  useEffect(() => {
    if (id === '' || names.has(id)) return;
    if (wanted.size === 0) setTimeout(() => void readNames(), PAUSE_MS);
    wanted.add(id);
  }, [id]);
  return brief(names.get(id) ?? id.slice(0, 14));
}

async function readNames() {
  const ids = [...wanted].slice(0, MAX_IDS);
  wanted = new Set([...wanted].slice(MAX_IDS));
  if (wanted.size > 0) setTimeout(() => void readNames(), PAUSE_MS);
  const agents = await queryField(documents.agentNames, { ids }, 'nodes').catch(() => undefined);
  // Names that could not be read are asked for by the next row that has none.
  if (agents === undefined) return;
  const found = new Map(agents.filter(Boolean).map((/** @type {any} */ { id, name }) => [id, name]));
  for (const id of ids) knowAgent(id, found.get(id));
}
