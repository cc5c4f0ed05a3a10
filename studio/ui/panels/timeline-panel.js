// The timeline's host: what it asks for becomes events, what the server answers becomes its view.

import { h, icon, onView } from './dom.js';

export async function mount(element, { props, trigger, watch, upload }) {
  const place = h('div', { class: 'ms-timeline' });
  const notice = h('p', { class: 'ms-toast ms-error', role: 'alert', hidden: true });
  element.querySelector('.ms-root').replaceChildren(place, notice);
  let module;
  try {
    module = await import(new URL('studio-static/timeline.js', document.baseURI).href);
  } catch (error) {
    console.error(error);
    say('The timeline has not been built; run “python3 run.py” once and reload the page.');
    return;
  }
  const { mountTimeline, stage } = module;
  const timeline = mountTimeline(place, host());
  stage.attachTimeline(timeline);

  let fade = 0;
  function say(sentence) {
    clearTimeout(fade);
    notice.hidden = !sentence;
    notice.replaceChildren(icon('alert'), h('span', {}, sentence));
    // Long enough to be read twice: 15 characters a second.
    fade = setTimeout(() => (notice.hidden = true), 3000 + 130 * sentence.length);
  }

  function send(event, data = {}) {
    trigger(event, { ...data, nonce: Date.now() + Math.random() });
  }

  function host() {
    return {
      edit: (commands, label, merge = '') => send('edit', { commands, label, merge }),
      preview: (project) => stage.preview(project),
      undo: () => send('undo'),
      redo: () => send('redo'),
      seek: (frame) => stage.seek(frame),
      toggle: () => stage.toggle(),
      drop: (file, track, frame) => void receive(file, track ?? '', frame),
      fill: (order) => send('fill', order),
      regenerate: ({ clip, span, text }) =>
        send(
          'regenerate',
          span ? { clip, start: span.start, stop: span.stop, text } : { clip, text },
        ),
      carryOn: (order) => send('carry_on', order),
      select: (clips, track) =>
        send('select', { clips, track: track ?? '', playhead: Math.round(stage.playhead) }),
      command: (name) => stage.command?.(name),
      cancel: (turn) => send('cancel', { turn }),
      takeOver: () => send('take_over'),
    };
  }

  async function receive(file, track, frame) {
    try {
      const { path } = await upload(file);
      send('drop', { path, name: file.name, track, frame });
    } catch {
      say(`'${file.name}' did not arrive; drop it again.`);
    }
  }

  onView({ props, watch }, (view, answer) => {
    stage.setView(view);
    if (answer.notice) say(answer.notice);
  });
}
