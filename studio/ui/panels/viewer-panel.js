// Hands the viewer to the stage, which gives it the performance and says what could not be loaded.

import { offer } from './commands.js';
import { complain, errorLine, h, onView } from './dom.js';

export async function mount(element, { props, watch }) {
  const place = h('div', { class: 'ms-stage' });
  element.querySelector('.ms-root').replaceChildren(place);
  let module;
  try {
    module = await import(new URL('studio-static/viewer.js', document.baseURI).href);
  } catch (error) {
    console.error(error);
    const line = errorLine();
    line.classList.add('ms-stage-note');
    complain(
      line,
      'The 3D viewer has not been built; run “python3 run.py” once and reload the page.',
    );
    place.replaceChildren(line);
    return;
  }
  const viewer = module.mountViewer(place, { autoplay: true, scrubber: false });
  module.stage.attachViewer(viewer, place);
  onView({ props, watch }, (scene) => module.stage.setScene(scene));
  place.addEventListener('select', ({ detail: { character } }) => {
    if (!character) return;
    document.dispatchEvent(new CustomEvent('ms-select', { detail: { character } }));
  });

  /** What the viewer would do with a key, whatever has the focus. */
  const press = (key, shift = false) => {
    const numpad = key.startsWith('Numpad');
    const init = { key: numpad ? '' : key, code: numpad ? key : '', shiftKey: shift };
    const root = place.querySelector('[data-ms-viewer]').shadowRoot.querySelector('.viewer');
    root.focus({ preventScroll: true });
    root.dispatchEvent(new KeyboardEvent('keydown', { ...init, bubbles: true, composed: true }));
  };
  document.addEventListener('ms-help', () => press('?', true));
  offer(() =>
    module.SHORTCUTS.flatMap(({ title, shortcuts }) =>
      shortcuts.map(({ keys: [key], shift, shown, label }) => ({
        group: title,
        title: label,
        keys: shown,
        run: () => press(key, shift),
      })),
    ),
  );
}
