// Hands the scene to the viewer module, which shows its own progress and errors.

import { h, icon, onView } from './dom.js';

export async function mount(element, { props, watch }) {
  const stage = h('div', { class: 'ms-stage' });
  element.querySelector('.ms-root').replaceChildren(stage);
  let viewer;
  try {
    const { mountViewer } = await import(new URL('studio-static/viewer.js', document.baseURI).href);
    viewer = mountViewer(stage, { autoplay: true });
  } catch (error) {
    console.error(error);
    const sentence =
      'The 3D viewer has not been built; run “python3 run.py” once and reload the page.';
    stage.replaceChildren(
      h(
        'p',
        { class: 'ms-stage-note ms-error', role: 'alert' },
        icon('alert'),
        h('span', {}, sentence),
      ),
    );
    return;
  }

  let shown = '';
  onView({ props, watch }, ({ characters }) => {
    const scene = JSON.stringify(characters);
    if (scene === shown) return;
    shown = scene;
    void viewer.setScene({ characters });
  });
}
