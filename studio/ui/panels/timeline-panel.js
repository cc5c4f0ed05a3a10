// The timeline's host: what it asks for becomes events, what the server answers becomes its view.

import { offer } from './commands.js';
import { complain, errorLine, h, onView } from './dom.js';
import { send as dispatch } from './outbox.js';
import { setPinning, setProject } from './project.js';
import { showTab } from './tabs.js';

/** A refusal stays long enough to be read twice, at 15 characters a second. */
const READ_MS = 3000;
const LETTER_MS = 130;

/** Parts of the page that say what the hand is on by sending this to the document. */
export const SELECT = 'ms-select';

export async function mount(element, { props, trigger, watch, upload }) {
  const place = h('div', { class: 'ms-timeline' });
  const notice = errorLine();
  notice.classList.add('ms-toast');
  element.querySelector('.ms-root').replaceChildren(place, notice);
  let fade = 0;
  function say(sentence) {
    clearTimeout(fade);
    complain(notice, sentence);
    if (sentence) fade = setTimeout(say, READ_MS + LETTER_MS * sentence.length, '');
  }
  const send = (event, data) => dispatch(trigger, event, data);

  let module;
  try {
    module = await import(new URL('studio-static/timeline.js', document.baseURI).href);
  } catch (error) {
    console.error(error);
    complain(
      notice,
      'The timeline has not been built; run “python3 run.py” once and reload the page.',
    );
    return;
  }
  const { mountTimeline, stage, TIMELINE_SHORTCUTS } = module;

  async function receive(file, track, frame) {
    try {
      const { path } = await upload(file);
      send('drop', { path, name: file.name, track, frame });
    } catch {
      say(`'${file.name}' did not arrive; drop it again.`);
    }
  }

  const timeline = mountTimeline(place, {
    edit: (commands, label, merge = '') => send('edit', { commands, label, merge }),
    preview: (project) => stage.preview(project),
    undo: () => send('undo'),
    redo: () => send('redo'),
    seek: (frame) => stage.seek(frame),
    toggle: () => stage.toggle(),
    pinned: (clip) => stage.pinned(clip),
    drop: (file, track, frame) => void receive(file, track ?? '', frame),
    place: (take, track, frame) => send('place', { take, track, frame }),
    fill: (order) => send('fill', order),
    regenerate: ({ clip, span, text }) =>
      send(
        'regenerate',
        span ? { clip, start: span.start, stop: span.stop, text } : { clip, text },
      ),
    carryOn: (order) => send('carry_on', order),
    select: (clips, track) => {
      if (clips.length > 0) showTab('inspector', false);
      send('select', { clips, track: track ?? '', playhead: Math.round(stage.playhead) });
    },
    cancel: (turn) => send('cancel', { turn }),
  });
  stage.attachTimeline(timeline);
  setPinning((clip) => stage.pinned(clip));
  // For whoever looks from outside: where a clip or a frame is on the page.
  place.timeline = timeline;
  document.addEventListener(SELECT, ({ detail }) =>
    send('select', { clips: [...timeline.selection], ...detail }),
  );

  onView({ props, watch }, (view, answer) => {
    setProject(view.project);
    stage.setView(answer.notice ? { ...view, notice: answer.notice } : view);
    if (answer.notice) say(answer.notice);
  });
  offer(() =>
    TIMELINE_SHORTCUTS.flatMap(({ title, shortcuts }) =>
      shortcuts.map((each) => ({
        group: title.replace(/:.*/, ''),
        title: each.label,
        keys: each.shown,
        run: () => timeline.key(pressed(each)),
      })),
    ),
  );
  showShortcuts(module);
}

/** The key press that a shortcut of the timeline stands for. */
function pressed({ keys: [key], ctrl = false, shift = false, alt = false }) {
  return { key, code: '', ctrlKey: ctrl, shiftKey: shift, altKey: alt, metaKey: false };
}

/** The sheet that `?` opens shows the page's and the timeline's keys too. */
async function showShortcuts({ TIMELINE_SHORTCUTS, TIMELINE_MOUSE_HINTS }) {
  const viewer = await import(new URL('studio-static/viewer.js', document.baseURI).href);
  viewer.registerShortcuts('Window', [
    [['Ctrl', 'K'], 'Every command by name'],
    [['1'], 'Chat: show or put away'],
    [['2'], 'Only the viewer, or everything'],
    [['3'], 'Takes, clip, export'],
    [['4'], 'Timeline'],
  ]);
  viewer.registerShortcuts('Takes', [
    [['↑'], 'The take before'],
    [['↓'], 'The next take'],
    [['Enter'], 'Put it on the timeline'],
    [['K'], 'Keep it for later'],
    [['F2'], 'Rename'],
    [['Del'], 'Delete'],
    [['Drag'], 'Onto a track'],
  ]);
  for (const { title, shortcuts } of TIMELINE_SHORTCUTS) {
    viewer.registerShortcuts(
      title,
      shortcuts.map(({ shown, label }) => [shown, label]),
    );
  }
  viewer.registerShortcuts('Timeline: mouse', TIMELINE_MOUSE_HINTS);
}
