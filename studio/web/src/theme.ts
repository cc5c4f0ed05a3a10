/** The page's colours, read from its CSS custom properties for use in the 3D stage. */

import { Color } from 'three';

import tokens from './tokens.css?inline';

export interface StageColors {
  readonly sky: Color;
  readonly horizon: Color;
  readonly floor: Color;
  readonly line: Color;
  readonly lineStrong: Color;
  readonly axisX: Color;
  readonly axisZ: Color;
  readonly mark: Color;
  readonly left: Color;
  readonly right: Color;
  readonly accent: Color;
  readonly text: Color;
  readonly past: Color;
  readonly future: Color;
  readonly ghost: Color;
  /** X, Y, Z as the gizmo shows them. */
  readonly axes: readonly Color[];
  readonly hues: readonly Color[];
}

/** Adds the tokens to the document unless the page brought them itself. */
export function ensureTokens(element: HTMLElement): void {
  if (getComputedStyle(element).getPropertyValue('--ms-bg').trim()) return;
  const style = document.createElement('style');
  style.dataset['ms'] = 'tokens';
  style.textContent = tokens;
  document.head.prepend(style);
}

export function readStageColors(element: HTMLElement): StageColors {
  const style = getComputedStyle(element);
  const read = (name: string): Color => {
    const value = style.getPropertyValue(name).trim();
    return new Color().setStyle(value || '#808080');
  };
  return {
    sky: read('--ms-stage-sky'),
    horizon: read('--ms-stage-horizon'),
    floor: read('--ms-stage-floor'),
    line: read('--ms-stage-line'),
    lineStrong: read('--ms-stage-line-strong'),
    axisX: read('--ms-stage-x'),
    axisZ: read('--ms-stage-z'),
    mark: read('--ms-stage-mark'),
    left: read('--ms-left'),
    right: read('--ms-right'),
    accent: read('--ms-accent'),
    text: read('--ms-text'),
    past: read('--ms-past'),
    future: read('--ms-future'),
    ghost: read('--ms-ghost'),
    axes: ['x', 'y', 'z'].map((axis) => read(`--ms-axis-${axis}`)),
    hues: [1, 2, 3, 4, 5, 6].map((i) => read(`--ms-hue-${i}`)),
  };
}

/** Calls back when the theme of the page may have changed; returns how to stop. */
export function watchTheme(element: HTMLElement, changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  const attributes = { attributes: true, attributeFilter: ['class', 'style', 'data-ms-theme'] };
  for (let node: Element | null = element; node; node = node.parentElement) {
    observer.observe(node, attributes);
  }
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', changed);
  return () => {
    observer.disconnect();
    dark.removeEventListener('change', changed);
  };
}
