/** The view options that were chosen in the viewer, kept in the browser for the next visit. */

import { DEFAULT_VIEW, type ViewOptions } from './api';
import { TRAIL_PARTS } from './trail_joints';

const KEY = 'motion-studio-view';

/** Least and most of each number; also what the popover offers. */
export const LIMITS = {
  trailPast: [0, 10],
  trailFuture: [0, 10],
  onionStep: [1, 120],
  onionCount: [1, 8],
} as const satisfies Partial<Record<keyof ViewOptions, readonly [number, number]>>;

/** What was kept and still makes sense; anything else is left out. */
export function recallView(storage: Storage | null = browserStorage()): Partial<ViewOptions> {
  try {
    return sanitized(JSON.parse(storage?.getItem(KEY) ?? '{}'));
  } catch {
    return {};
  }
}

/** Keeps what differs from the defaults. A browser that keeps nothing is no error. */
export function keepView(options: ViewOptions, storage: Storage | null = browserStorage()): void {
  const names = Object.keys(DEFAULT_VIEW) as Array<keyof ViewOptions>;
  const changed = names.filter(
    (name) => JSON.stringify(options[name]) !== JSON.stringify(DEFAULT_VIEW[name]),
  );
  try {
    storage?.setItem(KEY, JSON.stringify(Object.fromEntries(changed.map((n) => [n, options[n]]))));
  } catch {
    // The storage is full or forbidden; the options hold until the page is closed.
  }
}

function browserStorage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

function sanitized(kept: unknown): Partial<ViewOptions> {
  if (typeof kept !== 'object' || kept === null) return {};
  const entries = Object.entries(kept).filter(([name, value]) => {
    if (!(name in DEFAULT_VIEW)) return false;
    const usual = DEFAULT_VIEW[name as keyof ViewOptions];
    if (Array.isArray(usual)) return isParts(value);
    if (typeof usual === 'number') return isWithin(value, LIMITS[name as keyof typeof LIMITS]);
    return typeof value === 'boolean';
  });
  return Object.fromEntries(entries);
}

function isParts(value: unknown): boolean {
  return Array.isArray(value) && value.every((part) => TRAIL_PARTS.includes(part));
}

function isWithin(value: unknown, [least, most]: readonly [number, number]): boolean {
  return typeof value === 'number' && value >= least && value <= most;
}
