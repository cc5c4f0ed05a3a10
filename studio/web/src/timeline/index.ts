/**
 * The timeline of Motion Studio.
 *
 *     const { mountTimeline } = await import(new URL('timeline.js', document.baseURI).href);
 *     const timeline = mountTimeline(element, host);
 *     timeline.setView(view);
 */

import { el } from '../overlay/dom';
import { ensureTokens } from '../theme';
import type { TimelineHandle, TimelineHost } from './api';
import { Timeline } from './timeline';
import css from './timeline.css?inline';

export { stage } from '../stage';
export type * from './api';
export {
  TIMELINE_MOUSE_HINTS,
  TIMELINE_SHORTCUTS,
  type TimelineShortcut,
  type TimelineShortcutGroup,
} from './keys';

/**
 * Builds a timeline that fills `container`, which must have a height. Its elements live in a
 * shadow root, out of reach of the page's styles; only the `--ms-*` properties come in.
 */
export function mountTimeline(container: HTMLElement, host: TimelineHost): TimelineHandle {
  ensureTokens(container);
  const outer = el('div', { style: 'width:100%;height:100%', 'data-ms-timeline': '' });
  const shadow = outer.attachShadow({ mode: 'open' });
  const root = el('div', {
    class: 'timeline',
    tabindex: '0',
    role: 'application',
    'aria-label': 'Timeline',
  });
  shadow.append(el('style', {}, css), root);
  container.append(outer);
  const timeline = new Timeline(container, root, host);
  // For tests and consoles: document.querySelector('[data-ms-timeline]').timeline.rectOf('clip-1')
  Object.assign(outer, { timeline });
  const dispose = timeline.dispose.bind(timeline);
  timeline.dispose = () => {
    dispose();
    outer.remove();
  };
  return timeline;
}
