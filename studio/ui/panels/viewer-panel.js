// Holds the viewer module and gives it the scene; a missing build says so instead of a blank.

import { h, icon } from './dom.js';

export async function mount(element, { props, watch }) {
  const root = element.querySelector('.ms-root');
  const stage = h('div', { class: 'ms-stage' });
  const note = h('p', { class: 'ms-stage-note', role: 'status' });
  root.replaceChildren(stage, note);

  const say = (sentence, bad = false) => {
    note.replaceChildren(...(sentence ? [bad ? icon('alert') : null, h('span', {}, sentence)].filter(Boolean) : []));
    note.classList.toggle('ms-error', bad);
  };

  let viewer;
  try {
    const { mountViewer } = await import(new URL('studio-static/viewer.js', document.baseURI).href);
    viewer = mountViewer(stage, {});
  } catch (error) {
    console.error(error);
    say('The 3D viewer could not start; reload the page, or look whether WebGL is enabled in this browser.', true);
    return;
  }

  let shown = '';
  const render = async () => {
    const { characters } = props.value;
    const wanted = JSON.stringify(characters);
    if (wanted === shown) return;
    shown = wanted;
    const absolute = (url) => (url ? new URL(url, document.baseURI).href : undefined);
    try {
      await viewer.setScene({
        characters: characters.map((c) => ({ ...c, url: absolute(c.url), figureUrl: absolute(c.figureUrl) })),
      });
      if (wanted === shown) say(characters.length ? '' : '');
    } catch (error) {
      console.error(error);
      say('This take could not be shown; choose another, or reload the page.', true);
    }
  };
  watch('value', render);
  await render();
}
