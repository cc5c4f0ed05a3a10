/**
 * The 3D viewer of Motion Studio.
 *
 *     const { mountViewer } = await import(new URL('viewer.js', document.baseURI).href);
 *     const viewer = mountViewer(element, { bones: false });
 *     await viewer.setScene({ characters: [{ id: 'a', name: 'Walk', url: '/media/0a1b' }] });
 */

import type { ViewerHandle, ViewerOptions } from './api';
import { DEFAULT_OPTIONS } from './api';
import { el } from './overlay/dom';
import { Status } from './overlay/status';
import { ensureTokens } from './theme';
import { Viewer } from './viewer';
import css from './viewer.css?inline';

export type {
  CharacterSpec,
  GhostSpec,
  PerformanceSpec,
  PerformerSpec,
  SceneSpec,
  Selection,
  ViewerEvents,
  ViewerHandle,
  ViewerOptions,
  ViewOptions,
} from './api';
export { sideBySide } from './compare';
export { registerShortcuts, SHORTCUTS, type ShortcutRow } from './shortcuts';
export { stage } from './stage';

/**
 * Builds a viewer that fills `container`, which must have a height. Its elements live in a shadow
 * root, out of reach of the page's styles; only the `--ms-*` properties come in.
 */
export function mountViewer(
  container: HTMLElement,
  options: Partial<ViewerOptions> = {},
): ViewerHandle {
  ensureTokens(container);
  const host = el('div', { style: 'width:100%;height:100%', 'data-ms-viewer': '' });
  const shadow = host.attachShadow({ mode: 'open' });
  const root = el('div', {
    class: 'viewer',
    tabindex: '0',
    role: 'application',
    'aria-label': '3D viewer',
  });
  shadow.append(el('style', {}, css), root);
  container.append(host);
  let handle: ViewerHandle;
  try {
    handle = new Viewer(container, root, options);
  } catch (error) {
    handle = inert(container, root, error);
  }
  const dispose = handle.dispose.bind(handle);
  handle.dispose = () => {
    dispose();
    host.remove();
  };
  return handle;
}

/** Where there is no WebGL: says so, and takes every call without effect. */
function inert(container: HTMLElement, root: HTMLElement, error: unknown): ViewerHandle {
  const status = new Status();
  root.replaceChildren(el('div', { class: 'stage' }, status.element));
  const message =
    'The 3D view needs WebGL 2; turn on hardware acceleration in the browser’s settings and reload the page.';
  status.error(message);
  console.error(error);
  container.dispatchEvent(new CustomEvent('error', { detail: { message } }));
  const nothing = (): void => undefined;
  return {
    setScene: () => Promise.resolve(),
    setPerformance: nothing,
    play: nothing,
    pause: nothing,
    toggle: nothing,
    seek: nothing,
    onFrame: () => nothing,
    frameAll: nothing,
    select: nothing,
    setOptions: nothing,
    snapshot: () => Promise.reject(new Error(message)),
    frame: 0,
    playing: false,
    selection: { character: null, joint: null },
    options: DEFAULT_OPTIONS,
    dispose: nothing,
  };
}
