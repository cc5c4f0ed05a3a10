// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { scene } from '../dev/timeline-projects';
import type { TimelineHost, TimelineView } from '../src/timeline/api';
import { mountTimeline } from '../src/timeline/index';
import type { Timeline } from '../src/timeline/timeline';

const host = {
  edit: vi.fn(),
  preview: vi.fn(),
  undo: vi.fn(),
  redo: vi.fn(),
  seek: vi.fn(),
  toggle: vi.fn(),
  pinned: () => null,
  drop: vi.fn(),
  fill: vi.fn(),
  regenerate: vi.fn(),
  carryOn: vi.fn(),
  select: vi.fn(),
  takeOver: vi.fn(),
} satisfies TimelineHost;

const VIEW: TimelineView = {
  revision: 1,
  nonce: 0,
  notice: '',
  project: scene(),
  joins: [],
  undo: '',
  redo: '',
  readonly: '',
  saved: '',
  pending: [],
  ghost: null,
};

let timeline: Timeline;
let root: HTMLElement;

beforeEach(() => {
  document.body.innerHTML = '<input id="chat"><div id="place" style="height:240px"></div>';
  timeline = mountTimeline(document.getElementById('place')!, host) as Timeline;
  timeline.setView(VIEW);
  root = document.querySelector('[data-ms-timeline]')!.shadowRoot!.querySelector('.timeline')!;
});

afterEach(() => {
  timeline.dispose();
  vi.clearAllMocks();
});

const all = (selector: string): HTMLElement[] => [...root.querySelectorAll<HTMLElement>(selector)];
const key = (target: EventTarget, name: string, more: KeyboardEventInit = {}): boolean =>
  target.dispatchEvent(
    new KeyboardEvent('keydown', {
      key: name,
      bubbles: true,
      composed: true,
      cancelable: true,
      ...more,
    }),
  );

describe('the page’s timeline', () => {
  it('lists every clip with its place and time for those who cannot see it', () => {
    const options = all('[role=option]');
    expect(options).toHaveLength(12);
    expect(options[1].textContent).toBe('Wave, on Main, frame 138 to 228, 0:04.60 to 0:07.60');
    expect(options.find((each) => each.dataset['clip'] === 'clip-7')!.textContent).toContain(
      'disabled',
    );
    options[1].click();
    expect(timeline.selection).toEqual(['clip-2']);
    expect(options[1].getAttribute('aria-selected')).toBe('true');
    expect(host.select).toHaveBeenCalledWith(['clip-2'], null);
  });

  it('has a header for each track, whose switches are edits', () => {
    const [main] = all('.track');
    expect(main.querySelector('.name')!.textContent).toBe('Main');
    main.querySelector<HTMLElement>('[data-switch=mute]')!.click();
    expect(host.edit.mock.lastCall!.slice(0, 2)).toEqual([
      [{ kind: 'set_track', track: 'track-1', mute: true }],
      'Mute track',
    ]);
    expect(main.querySelector('[data-switch=mute]')!.getAttribute('aria-pressed')).toBe('true');
  });

  it('renames a track in its header', () => {
    all('.track .names')[2].dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));
    const field = root.querySelector<HTMLInputElement>('.rename')!;
    expect(field.value).toBe('Partner');
    field.value = 'Ben alone';
    key(field, 'Enter');
    expect(host.edit.mock.lastCall![0]).toEqual([
      { kind: 'set_track', track: 'track-3', name: 'Ben alone' },
    ]);
    expect(all('.track .name')[2].textContent).toBe('Ben alone');
  });

  it('adds a track of the same character', () => {
    root.querySelector<HTMLElement>('.add')!.click();
    expect(host.edit.mock.lastCall![0]).toMatchObject([
      { kind: 'add_track', track: { id: 'track-4', character: 'character-2', clips: [] } },
    ]);
    expect(all('.track')).toHaveLength(4);
  });

  it('takes keys when it has the focus, and says so', () => {
    timeline.setPlayhead(60, false);
    expect(key(root, 's')).toBe(false);
    expect(host.edit.mock.lastCall![1]).toBe('Split 2 clips');
    expect(key(root, 'z', { ctrlKey: true })).toBe(false);
    expect(host.undo).toHaveBeenCalledOnce();
  });

  it('takes none while something is typed, nor from the rest of the page', () => {
    const chat = document.getElementById('chat')!;
    for (const name of ['s', 'Delete', 'm', ' ']) expect(key(chat, name)).toBe(true);
    key(chat, 'z', { ctrlKey: true });
    key(document.body, 's');
    expect(host.edit).not.toHaveBeenCalled();
    expect(host.undo).not.toHaveBeenCalled();
    key(document.body, 'z', { ctrlKey: true });
    expect(host.undo).toHaveBeenCalledOnce();
  });

  it('takes what the viewer has no use for, and nothing else of the viewer’s', () => {
    const viewer = document.createElement('div');
    viewer.setAttribute('data-ms-viewer', '');
    document.body.append(viewer);
    timeline.setPlayhead(60, false);
    key(viewer, 's');
    expect(host.edit.mock.lastCall![1]).toBe('Split 2 clips');
    host.edit.mockClear();
    key(viewer, 'm');
    key(viewer, 'b');
    expect(host.edit).not.toHaveBeenCalled();
    expect(timeline.desk.tool).toBe('select');
  });

  it('plays on Space when it is let go', () => {
    key(root, ' ');
    expect(host.toggle).not.toHaveBeenCalled();
    root.dispatchEvent(new KeyboardEvent('keyup', { key: ' ', bubbles: true }));
    expect(host.toggle).toHaveBeenCalledOnce();
  });

  it('says why nothing can be changed, and offers to change that', () => {
    timeline.setView({ ...VIEW, revision: 2, readonly: 'It is open in another tab.' });
    const banner = root.querySelector<HTMLElement>('.banner')!;
    expect(banner.hidden).toBe(false);
    expect(banner.textContent).toContain('another tab');
    banner.querySelector('button')!.click();
    expect(host.takeOver).toHaveBeenCalledOnce();
    expect(root.querySelector('.notice')!.textContent).toBe('');
  });

  it('teaches while it is empty', () => {
    const { project } = VIEW;
    const tracks = project.timeline.tracks.map((track) => ({ ...track, clips: [] }));
    const bare = { ...project, timeline: { ...project.timeline, tracks } };
    timeline.setView({ ...VIEW, revision: 3, project: bare });
    const empty = root.querySelector<HTMLElement>('.empty')!;
    expect(empty.hidden).toBe(false);
    expect(empty.textContent).toContain('drop BVH, GLB or NPZ');
    timeline.setView({ ...VIEW, revision: 4 });
    expect(empty.hidden).toBe(true);
  });

  it('remembers its switches', () => {
    root.querySelector<HTMLElement>('[data-command=ripple]')!.click();
    root.querySelector<HTMLElement>('[data-command=unit]')!.click();
    timeline.dispose();
    timeline = mountTimeline(document.getElementById('place')!, host) as Timeline;
    expect(timeline.desk.settings).toEqual({ snapping: true, ripple: true, unit: 'seconds' });
    localStorage.clear();
  });
});
