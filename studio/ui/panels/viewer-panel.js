// Hands the viewer to the stage, which gives it the performance and says what could not be loaded.

import { h, icon, onView } from './dom.js';

export async function mount(element, { props, watch }) {
  const place = h('div', { class: 'ms-stage' });
  element.querySelector('.ms-root').replaceChildren(place);
  let module;
  try {
    module = await import(new URL('studio-static/viewer.js', document.baseURI).href);
  } catch (error) {
    console.error(error);
    const sentence =
      'The 3D viewer has not been built; run “python3 run.py” once and reload the page.';
    place.replaceChildren(
      h(
        'p',
        { class: 'ms-stage-note ms-error', role: 'alert' },
        icon('alert'),
        h('span', {}, sentence),
      ),
    );
    return;
  }
  const viewer = module.mountViewer(place, { autoplay: true, scrubber: false });
  module.stage.attachViewer(viewer, place);
  onView({ props, watch }, (scene) => module.stage.setScene(scene));
}
