/** Puts the parts together: the desk that knows, the canvas that shows, the hands that act. */

import type { Clip, Range } from '../document/types';
import { button, el } from '../overlay/dom';
import { commandFor, mayTake, type Key } from '../shortcuts';
import { watchTheme } from '../theme';
import { Actions, type Prompter } from './actions';
import type { Box, ClipMotion, TimelineHandle, TimelineHost, TimelineView } from './api';
import { ClipIndex } from './clips';
import { Desk, type Settings } from './desk';
import { Bubble, type BubbleText } from './dom/bubble';
import { ClipList } from './dom/clip_list';
import { Field } from './dom/field';
import { Headers } from './dom/headers';
import { Menu } from './dom/menu';
import { Playhead } from './dom/playhead';
import { Toolbar } from './dom/toolbar';
import { FileDrop } from './file_drop';
import type { Press } from './gestures';
import type { Hit } from './hit';
import { timelineCommandFor } from './keys';
import { Menus } from './menus';
import { clipBox } from './paint/picture';
import type { Overlay } from './paint/overlay';
import { levelColor } from './paint/seams';
import { Painter } from './painter';
import { aimSpan } from './pending';
import { PointerInput, type PointerListener } from './pointer';
import { Questions } from './questions';
import { OVERVIEW_HEIGHT, RULER_HEIGHT } from './rows';
import { moment } from './ticks';
import { clipWords, pendingWords, seamWords } from './words';

const STORE = 'motion-studio.timeline';
const VIEWER = '[data-ms-viewer]';
/** How long the pointer rests before it is told what it is on. */
const REST_MS = { clip: 550, seam: 90 };

export class Timeline implements TimelineHandle, PointerListener, Prompter {
  readonly desk: Desk;
  readonly #actions: Actions;
  readonly #painter: Painter;
  readonly #toolbar: Toolbar;
  readonly #headers: Headers;
  readonly #pointer: PointerInput;
  readonly #drop: FileDrop;
  readonly #menus: Menus;
  readonly #menu: Menu;
  readonly #bubble: Bubble;
  readonly #questions: Questions;
  readonly #list: ClipList;
  readonly #playhead = new Playhead();
  readonly #lanes = el('div', { class: 'lanes' });
  readonly #empty = el('div', { class: 'empty' });
  readonly #notice = el('div', { class: 'notice', role: 'status' });
  readonly #banner = el('div', { class: 'banner', hidden: '' });
  readonly #abort = new AbortController();
  readonly #undo: Array<() => void> = [];
  #rest: ReturnType<typeof setTimeout> | undefined;
  #resting = '';
  #settings: Settings;

  constructor(
    private readonly container: HTMLElement,
    private readonly root: HTMLElement,
    host: TimelineHost,
  ) {
    this.desk = new Desk(host, remembered());
    this.#settings = this.desk.settings;
    this.#painter = new Painter(this.desk);
    this.#actions = new Actions(this.desk, this);
    this.#menu = new Menu(root);
    this.#toolbar = new Toolbar((command) => this.#actions.run(command));
    this.#headers = new Headers(this.desk, (track, x, y) =>
      this.#menu.show(this.#menus.track(track), x, y),
    );
    this.#bubble = new Bubble(root);
    this.#questions = new Questions(this.desk, new Field(this.#lanes), () => this.focus());
    this.#menus = new Menus(this.desk, this.#actions, this.#questions, (track) =>
      this.#headers.rename(track),
    );
    this.#list = new ClipList((clip, add) => this.#chooseListed(clip, add));
    const { canvas, over } = this.#painter;
    this.#lanes.append(canvas, over, this.#playhead.element, this.#empty);
    root.append(
      this.#toolbar.element,
      this.#headers.element,
      this.#lanes,
      this.#list.element,
      this.#bubble.element,
      this.#notice,
      this.#banner,
    );
    this.#pointer = new PointerInput(over, this);
    this.#drop = new FileDrop(this.#lanes, this.desk, (change) => this.overlay(change));
    this.#listen();
  }

  #listen(): void {
    const { signal } = this.#abort;
    this.desk.changed = () => this.#changed();
    const resize = new ResizeObserver(() => this.#resize());
    resize.observe(this.#lanes);
    this.#undo.push(
      () => resize.disconnect(),
      watchTheme(this.container, () => this.#painter.themeChanged()),
    );
    this.root.addEventListener('pointerdown', (event) => this.#takeFocus(event), { signal });
    this.root.addEventListener('keydown', (event) => this.#keyDown(event), { signal });
    this.root.addEventListener('keyup', (event) => this.#keyUp(event), { signal });
    document.addEventListener('keydown', (event) => this.#keyElsewhere(event), { signal });
  }

  // What a page asks for

  setView(view: TimelineView): void {
    this.desk.receive(view);
  }

  setMotions(motions: ReadonlyMap<string, ClipMotion>): void {
    this.desk.motions = motions;
    this.#painter.motionsChanged();
  }

  setPlayhead(frame: number, playing: boolean): void {
    const { desk } = this;
    desk.playhead = frame;
    if (playing && !this.#pointer.busy) {
      const scale = desk.scale.paged(frame, desk.length);
      if (scale.left !== desk.scale.left) desk.follow(scale);
    }
    this.#showPlayhead();
  }

  key(event: Key): boolean {
    const command = timelineCommandFor(event);
    return command !== null && this.#actions.run(command);
  }

  focus(): void {
    this.root.focus({ preventScroll: true });
  }

  get selection(): readonly string[] {
    return [...this.desk.selection];
  }

  rectOf(clip: string): Box | null {
    const { desk } = this;
    const placed = desk.pictured && ClipIndex.of(desk.pictured).get(clip);
    if (!placed) return null;
    const page = this.#lanes.getBoundingClientRect();
    const box = clipBox(placed.clip, placed.row, desk);
    const left = Math.max(0, box.x);
    const top = Math.max(RULER_HEIGHT, box.y);
    const width = Math.min(page.width, box.x + box.width) - left;
    const height = Math.min(RULER_HEIGHT + desk.rows.area, box.y + box.height) - top;
    if (width <= 0 || height <= 0) return null;
    return { left: page.left + left, top: page.top + top, width, height };
  }

  xOf(frame: number): number {
    return this.#lanes.getBoundingClientRect().left + this.desk.scale.x(frame);
  }

  dispose(): void {
    clearTimeout(this.#rest);
    this.#abort.abort();
    this.#undo.forEach((undo) => undo());
    this.#pointer.dispose();
    this.#drop.dispose();
    this.#painter.dispose();
    this.desk.dispose();
    this.root.replaceChildren();
  }

  // What is shown

  #changed(): void {
    const { desk } = this;
    if (desk.settings !== this.#settings) {
      this.#settings = desk.settings;
      remember(desk.settings);
    }
    this.#toolbar.show(desk);
    this.#headers.show();
    this.#showPlayhead();
    this.#showWords();
    if (desk.project && !desk.draft) this.#list.show(desk.project, desk.selection);
    this.#painter.request();
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.#lanes;
    this.desk.resize(clientWidth, Math.max(0, clientHeight - RULER_HEIGHT - OVERVIEW_HEIGHT));
    this.#painter.resize(clientWidth, clientHeight);
  }

  #showPlayhead(): void {
    const { playhead, scale, settings, project } = this.desk;
    const text = moment(settings.unit, Math.floor(playhead + 1e-6), project?.fps ?? 30);
    this.#playhead.show(scale.x(playhead), scale.width, text);
  }

  #showWords(): void {
    const { desk } = this;
    const { project, readonly: why } = desk;
    if (this.#notice.textContent !== desk.notice) this.#notice.textContent = desk.notice;
    if (this.#banner.dataset['why'] !== why) {
      this.#banner.dataset['why'] = why;
      // A page that does not take over from here says so elsewhere.
      this.#banner.hidden = why === '' || !desk.host.takeOver;
      this.#banner.replaceChildren(
        el('span', {}, why),
        button({ class: 'plain' }, 'Edit here', () => desk.host.takeOver?.()),
      );
    }
    const coming = desk.view?.pending.length || desk.view?.ghost;
    const bare = project !== null && ClipIndex.of(project).stop === 0 && !coming;
    this.#empty.hidden = !bare;
    if (!bare || this.#empty.childElementCount > 0) return;
    this.#empty.append(
      el('b', {}, 'Nothing on the timeline yet'),
      el('span', {}, 'Describe a motion in the chat, or drop BVH, GLB or NPZ files here.'),
      hint([['S'], 'splits'], [['Alt', 'drag'], 'copies'], [['?'], 'shows every shortcut']),
    );
  }

  // Surface: what gestures draw on

  get width(): number {
    return this.desk.scale.width;
  }

  overlay(change: Partial<Overlay>): void {
    this.#painter.setOverlay(change);
  }

  bubble(text: BubbleText | null, x = 0, y = 0): void {
    if (text === null) return this.#bubble.show(null);
    const [at, page] = [this.#lanes.getBoundingClientRect(), this.root.getBoundingClientRect()];
    this.#bubble.show(text, at.left - page.left + x, at.top - page.top + y);
  }

  askSpan(clip: Clip, span: Range): void {
    this.#questions.askSpan(clip, span, () => this.overlay({ span: null }));
  }

  // What the pointer does

  hovered(hit: Hit | null, at: Press | null): void {
    const clip = hit?.on === 'clip' || hit?.on === 'seam' ? hit.clip.id : null;
    if (clip !== this.#painter.hovered) {
      this.#painter.hovered = clip;
      this.#painter.request();
    }
    const rests = hit && at ? this.#wordsOf(hit, at) : null;
    const key = rests ? JSON.stringify(rests.text) : '';
    if (key === this.#resting && (rests || this.#bubble.element.hidden)) return;
    this.#resting = key;
    clearTimeout(this.#rest);
    this.bubble(null);
    if (!rests || !at) return;
    this.#rest = setTimeout(() => this.bubble(rests.text, at.x, at.y), rests.after);
  }

  #wordsOf(hit: Hit, at: Press): { text: BubbleText; after: number } | null {
    const { desk } = this;
    const project = desk.project!;
    if (hit.on === 'seam') {
      const mark = levelColor(this.#painter.palette, hit.join.level);
      return { text: seamWords(hit.join, mark), after: REST_MS.seam };
    }
    if (hit.on === 'clip') {
      return { text: clipWords(project, hit.clip, desk.settings.unit), after: REST_MS.clip };
    }
    if (hit.on === 'gap' && desk.tool === 'select' && !desk.readonly && !hit.track.lock) {
      return { text: { title: 'Double click fills the gap with motion' }, after: REST_MS.clip };
    }
    const pending = desk.view?.pending.find((each) => {
      const place = aimSpan(project, each.aim);
      return place?.row === at.row && at.frame >= place.start && at.frame < place.stop;
    });
    return pending ? { text: pendingWords(pending), after: REST_MS.seam } : null;
  }

  opened(hit: Hit): void {
    this.hovered(null, null);
    if (this.desk.readonly) return;
    if ((hit.on === 'clip' || hit.on === 'gap') && hit.track.lock) return;
    if (hit.on === 'clip' && this.desk.tool === 'select') this.renameClip(hit.clip);
    if (hit.on === 'gap') this.#questions.askFill(hit.before, hit.after, hit.track);
    if (hit.on === 'marker') this.renameMarker(hit.marker.id);
  }

  menu(hit: Hit, at: Press, x: number, y: number): void {
    this.hovered(null, null);
    this.#menus.prepare(hit);
    this.#menu.show(this.#menus.of(hit, Math.round(at.frame)), x, y);
  }

  #chooseListed(clip: string, add: boolean): void {
    const { desk } = this;
    desk.select(add ? [...desk.selection, clip] : [clip]);
    desk.reveal(clip);
  }

  // Prompter: what actions ask for

  renameClip(clip: Clip): void {
    this.#questions.renameClip(clip);
  }

  renameMarker(marker: string): void {
    this.#questions.renameMarker(marker);
  }

  leave(): boolean {
    return this.#pointer.cancel() || this.#headers.cancel();
  }

  // Keys

  #takeFocus(event: PointerEvent): void {
    const target = event.composedPath()[0] as Element;
    if (!target.closest('input, button, .menus, form')) this.focus();
  }

  #keyDown(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing) return;
    const target = event.composedPath()[0];
    if (!(target instanceof Element) || !mayTake(target, true, event.key)) return;
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
    if (event.key === ' ' && plain) {
      event.preventDefault();
      this.#pointer.spaceDown();
      return;
    }
    if (this.key(event)) event.preventDefault();
  }

  /** Keys that were pressed in the viewer and mean nothing there; undo and redo from anywhere. */
  #keyElsewhere(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing) return;
    const path = event.composedPath();
    if (path.includes(this.root) || commandFor(event) !== null) return;
    const command = timelineCommandFor(event);
    const [target] = path;
    if (!command || !(target instanceof Element) || !mayTake(target, false, event.key)) return;
    const inViewer = path.some((each) => each instanceof Element && each.matches(VIEWER));
    const nowhere = target === document.body || target === document.documentElement;
    const history = command === 'undo' || command === 'redo';
    if (!inViewer && !(nowhere && history)) return;
    if (this.#actions.run(command)) event.preventDefault();
  }

  #keyUp(event: KeyboardEvent): void {
    if (event.key === ' ' && this.#pointer.spaceUp()) {
      event.preventDefault();
      this.desk.host.toggle();
    }
  }
}

/** Keys and what they do, in one line. */
function hint(
  ...entries: ReadonlyArray<readonly [keys: readonly string[], does: string]>
): HTMLElement {
  const out = el('span', { class: 'hints' });
  for (const [keys, does] of entries) {
    out.append(el('span', {}, ...keys.map((key) => el('kbd', {}, key)), does));
  }
  return out;
}

function remembered(): Partial<Settings> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(STORE) ?? '{}');
    const { snapping, ripple, unit } = (kept ?? {}) as Record<string, unknown>;
    return {
      ...(typeof snapping === 'boolean' ? { snapping } : {}),
      ...(typeof ripple === 'boolean' ? { ripple } : {}),
      ...(unit === 'frames' || unit === 'seconds' ? { unit } : {}),
    };
  } catch {
    return {}; // a browser that keeps nothing, or something else's words
  }
}

function remember(settings: Settings): void {
  try {
    localStorage.setItem(STORE, JSON.stringify(settings));
  } catch {
    // It is forgotten with the page.
  }
}
