/** A strip over the viewer that says what is still loading and what cannot be loaded. */

import { button, el } from './overlay/dom';
import type { Conductor } from './stage';

/** A load this quick needs no word; a message that only flashes is noise. */
const PATIENCE_MS = 180;

const CSS = `
  :host { position: absolute; inset: 56px 12px auto; display: grid; justify-items: center;
    pointer-events: none; z-index: 2; font: var(--ms-size) / 1.4 var(--ms-font); }
  div { display: none; align-items: center; gap: 12px; max-width: 100%; box-sizing: border-box;
    padding: 8px 14px; color: var(--ms-text); background: var(--ms-panel);
    border: 1px solid var(--ms-line); border-radius: var(--ms-radius); pointer-events: auto; }
  div.shown { display: flex; }
  p { margin: 0; }
  progress { width: 120px; height: 3px; accent-color: var(--ms-accent); }
  button { flex: none; padding: 3px 10px; font: inherit; color: inherit; cursor: pointer;
    background: var(--ms-raised); border: 1px solid var(--ms-line); border-radius: 4px; }
  button:focus-visible { outline: 2px solid var(--ms-accent); }
`;

/** Keeps the strip in `element`; returns how to take it out again. */
export function showStatus(element: HTMLElement, stage: Pick<Conductor, 'onStatus'>): () => void {
  if (getComputedStyle(element).position === 'static') element.style.position = 'relative';
  const host = el('div');
  const strip = el('div', { role: 'status' });
  host.attachShadow({ mode: 'open' }).append(el('style', {}, CSS), strip);
  element.append(host);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const say = (...parts: Node[]): void => {
    strip.replaceChildren(...parts);
    strip.classList.toggle('shown', parts.length > 0);
  };
  const stop = stage.onStatus(({ loaded, wanted, faults, retry }) => {
    clearTimeout(timer);
    if (faults.length > 0) {
      const others = faults.length > 1 ? ` (${faults.length - 1} more)` : '';
      say(el('p', { role: 'alert' }, faults[0] + others), button({}, 'Try again', retry));
    } else if (loaded < wanted) {
      const bar = el('progress', { max: String(wanted), value: String(loaded) });
      const loading = (): void =>
        say(el('p', {}, `Loading motion ${loaded + 1} of ${wanted}`), bar);
      // What is shown already goes on without a pause.
      if (strip.classList.contains('shown')) loading();
      else timer = setTimeout(loading, PATIENCE_MS);
    } else {
      say();
    }
  });
  return () => {
    clearTimeout(timer);
    stop();
    host.remove();
  };
}
