/** Puts the parts together: what a page asks for, what a hand does, and what is drawn when. */

import {
  DEFAULT_OPTIONS,
  type PerformanceSpec,
  type PlayRange,
  type SceneSpec,
  type Selection,
  type ViewerEvents,
  type ViewerHandle,
  type ViewerOptions,
} from './api';
import { Annotations } from './annotations';
import { CameraRig } from './camera';
import { Cast } from './cast';
import { Choosing } from './choosing';
import { Director } from './director';
import type { Figure } from './figure';
import { Governor } from './governor';
import type { Motion } from './motion';
import { el } from './overlay/dom';
import { Gizmo } from './overlay/gizmo';
import { HelpSheet } from './overlay/help';
import { Hud } from './overlay/hud';
import { OptionsPanel } from './overlay/options';
import { OutOfView } from './overlay/out_of_view';
import { Status } from './overlay/status';
import { Toast } from './overlay/toast';
import { Toolbar } from './overlay/toolbar';
import { Transport } from './overlay/transport';
import { copyToClipboard, download, pictureName } from './pictures';
import { Playback } from './playback';
import { pointAt } from './pointing';
import { keepView, recallView } from './remember';
import { Stage } from './scene';
import { listen, type Command } from './shortcuts';
import { CharacterLibrary } from './skinned';
import { readStageColors, watchTheme } from './theme';

/** Radians above the horizon: enough for the floor not to vanish into a line. */
const LEVEL = 0.03;
/** Metres around where a character stands that it and its shadow reach. */
const BODY = 1.8;

export class Viewer implements ViewerHandle {
  readonly #playback = new Playback({
    moved: () => this.#moved(),
    changed: () => this.#stateChanged(),
  });
  readonly #clock = this.#playback.clock;
  readonly #governor = new Governor();
  readonly #hud = new Hud((id) => this.#choosing.toggle(id));
  readonly #status = new Status();
  readonly #help = new HelpSheet();
  readonly #toast = new Toast();
  readonly #panel = new OptionsPanel({
    run: (command) => this.#run(command),
    choose: (options) => this.#choose(options),
  });
  readonly #canvas = el('canvas');
  readonly #picture = el('div', { class: 'stage' }, this.#canvas);
  readonly #stage: Stage;
  readonly #cast: Cast;
  readonly #camera: CameraRig;
  readonly #choosing: Choosing;
  readonly #library = new CharacterLibrary();
  readonly #director: Director;
  readonly #annotations: Annotations;
  readonly #outOfView = new OutOfView(() => this.#run('frame'));
  readonly #toolbar: Toolbar;
  readonly #gizmo = new Gizmo((command) => this.#run(command));
  readonly #transport: Transport;
  readonly #listeners = new Set<(frame: number) => void>();
  readonly #abort = new AbortController();
  readonly #undo: Array<() => void> = [];
  #options: ViewerOptions;
  #shown: { scene: SceneSpec } | { performance: PerformanceSpec } = { scene: { characters: [] } };
  #scheduled = 0;
  #poseDue = true;
  #lastWhole = -1;
  #lastState = '';
  #disposed = false;

  /** Throws if the browser gives no WebGL 2. */
  constructor(
    private readonly container: HTMLElement,
    private readonly root: HTMLElement,
    options: Partial<ViewerOptions>,
  ) {
    const remembered = options.remember === false ? {} : recallView();
    this.#options = { ...DEFAULT_OPTIONS, ...options, ...remembered };
    this.#stage = new Stage(this.#canvas);
    this.#cast = new Cast(this.#stage.figures, this.#library, () => this.#dressed());
    this.#camera = new CameraRig(this.#stage.camera, this.#canvas, () => this.#request());
    this.#annotations = new Annotations(this.#library, this.#options, () => this.#moved());
    this.#stage.scene.add(this.#annotations.object);
    this.#choosing = new Choosing(this.#cast, this.#stage.camera, this.#picture, {
      chosen: (selection, byHand) => this.#chosen(selection, byHand),
      hovered: (figure, joint) => this.#hovered(figure, joint),
    });
    this.#director = new Director(this.#camera, this.#cast, this.#stage, this.#annotations);
    this.#toolbar = new Toolbar((command) => this.#run(command));
    this.#transport = new Transport({
      run: (command) => this.#run(command),
      seek: (frame) => this.#playback.scrub(frame),
      setSpeed: (speed) => this.#choose({ speed }),
    });
    const corner = el(
      'div',
      { class: 'corner' },
      this.#hud.element,
      this.#annotations.readout.element,
    );
    this.#picture.append(
      this.#annotations.element,
      corner,
      this.#gizmo.element,
      this.#toolbar.element,
      this.#panel.element,
      this.#toast.element,
      this.#outOfView.element,
      this.#status.element,
    );
    this.root.append(this.#picture, this.#transport.element, this.#help.element);
    this.#listen();
    this.#applyOptions();
    this.#applyColors();
    this.#showEmpty();
  }

  #listen(): void {
    const { signal } = this.#abort;
    const resize = new ResizeObserver(() => this.#resize());
    resize.observe(this.#picture);
    this.#undo.push(
      () => resize.disconnect(),
      watchTheme(this.container, () => this.#applyColors()),
      listen(this.root, this, (command) => this.#run(command)),
    );
    this.root.addEventListener('pointerdown', (event) => this.#takeFocus(event), { signal });
    pointAt(this.#canvas, signal, this.#choosing);
    this.#canvas.addEventListener('dblclick', () => this.#run('frame'), { signal });
    this.#canvas.addEventListener('webglcontextlost', () => this.#contextLost(), { signal });
    this.#canvas.addEventListener('webglcontextrestored', () => this.#contextRestored(), {
      signal,
    });
  }

  // What the page asks for

  async setScene(scene: SceneSpec): Promise<void> {
    if (this.#disposed) return;
    const first = this.#cast.size === 0;
    this.#shown = { scene };
    if (scene.characters.length > 0) this.#status.loading('Loading the motion');
    try {
      const before = this.#motions;
      if (!(await this.#cast.load(scene, this.#options.figureUrl)) || this.#disposed) return;
      this.#annotations.setGhosts([], null);
      const fps = scene.fps ?? this.#cast.motion?.fps ?? 30;
      const lengths = this.#motions.map((m) => Math.ceil((m.frames * fps) / m.fps - 1e-6));
      const frames = Math.max(0, ...lengths);
      // A playhead that the new motion does not reach starts over instead of sticking to its end.
      if (this.#clock.frame > frames - 1) this.#clock.seek(0);
      this.#setTime(fps, frames, scene.range);
      this.#enter(first, !sameItems(before, this.#motions));
    } catch (error) {
      if (!this.#disposed) this.#fail(error, () => void this.setScene(scene));
    }
  }

  setPerformance(performance: PerformanceSpec): void {
    if (this.#disposed) return;
    const first = this.#cast.size === 0;
    this.#shown = { performance };
    const others = this.#cast.perform(performance.characters, this.#options.figureUrl);
    this.#annotations.setGhosts(performance.ghosts ?? [], this.#options.figureUrl);
    this.#setTime(performance.fps, performance.frames, performance.range);
    if (others) this.#enter(first, true);
    else this.#director.change();
    this.#moved();
  }

  play(): void {
    this.#playback.play();
  }

  pause(): void {
    this.#playback.pause();
  }

  toggle(): void {
    this.#playback.toggle();
  }

  seek(frame: number): void {
    this.#playback.seek(frame);
  }

  onFrame(callback: (frame: number) => void): () => void {
    this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }

  frameAll(): void {
    this.#frame('action');
  }

  select(character: string | null, joint: string | null = null): void {
    this.#choosing.select(character, joint);
  }

  setOptions(options: Partial<ViewerOptions>): void {
    const before = this.#options;
    this.#options = { ...before, ...options };
    this.#applyOptions();
    if (before.figureUrl === this.#options.figureUrl) return;
    if ('scene' in this.#shown) void this.setScene(this.#shown.scene);
    else this.setPerformance(this.#shown.performance);
  }

  async snapshot(): Promise<Blob> {
    this.#stage.resolution = 1;
    this.#draw();
    return new Promise((resolve, reject) => {
      const done = (blob: Blob | null): void =>
        blob ? resolve(blob) : reject(new Error('The picture could not be taken; try again.'));
      this.#canvas.toBlob(done, 'image/png');
    });
  }

  /** Saves the picture as a file, and copies it where the browser allows. */
  async takePicture(): Promise<void> {
    try {
      const picture = await this.snapshot();
      const name = pictureName(
        this.#cast.members.map((m) => m.name),
        this.#clock.frame,
      );
      download(picture, name);
      const copied = await copyToClipboard(picture);
      this.#toast.say(copied ? `Saved ${name}; it is on the clipboard too.` : `Saved ${name}.`);
    } catch (error) {
      this.#toast.say(error instanceof Error ? error.message : 'The picture could not be taken.');
    }
  }

  get frame(): number {
    return this.#clock.frame;
  }

  get playing(): boolean {
    return this.#clock.playing;
  }

  get selection(): Selection {
    return this.#choosing.selection;
  }

  get options(): Readonly<ViewerOptions> {
    return this.#options;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    cancelAnimationFrame(this.#scheduled);
    this.#abort.abort();
    this.#undo.forEach((undo) => undo());
    this.#status.clear();
    this.#listeners.clear();
    this.#transport.dispose();
    this.#toast.dispose();
    this.#annotations.dispose();
    this.#director.dispose();
    this.#camera.dispose();
    this.#cast.dispose();
    this.#library.dispose();
    this.#stage.dispose();
    this.root.replaceChildren();
  }

  // What a scene brings

  get #motions(): Motion[] {
    return this.#cast.members.map(({ figure }) => figure.motion);
  }

  #setTime(fps: number, frames: number, range: PlayRange | null | undefined): void {
    this.#playback.setTime(fps, frames, range);
    this.#transport.set({
      frames: this.#clock.frames,
      fps: this.#clock.fps,
      range: this.#clock.hasRange ? this.#clock.range : null,
      contacts: this.#cast.contacts,
    });
  }

  /** @param moved whether any of the motions is another than before. */
  #enter(first: boolean, moved: boolean): void {
    const { frame, fps, frames } = this.#clock;
    const { size } = this.#cast;
    this.#applyColors();
    this.#cast.pose(frame / fps);
    this.#lastWhole = -1;
    if (moved) this.#director.enter(first);
    this.#applyOptions();
    const { character, joint } = this.selection;
    this.select(character, joint);
    if (size === 0) this.#showEmpty();
    else this.#status.clear();
    if (first && size > 0 && this.#options.autoplay) this.#clock.play();
    this.#stateChanged();
    this.#moved();
    this.#dispatch('loaded', { characters: this.#cast.members.map((m) => m.id), frames, fps });
  }

  #dressed(): void {
    this.#hud.notice(this.#cast.notices.join(' '));
    this.#request();
  }

  #fail(error: unknown, retry: () => void): void {
    const message =
      error instanceof Error ? error.message : 'The scene could not be shown; reload the page.';
    this.#status.error(message, retry);
    this.#dispatch('error', { message });
  }

  #showEmpty(): void {
    this.#status.empty(this.#options.hint);
  }

  #contextLost(): void {
    this.#status.error(
      'The graphics driver took the 3D view away; it returns by itself, or with a reload of the page.',
    );
  }

  #contextRestored(): void {
    if (this.#cast.size > 0) this.#status.clear();
    else this.#showEmpty();
    this.#request();
  }

  // What a hand does

  #takeFocus(event: PointerEvent): void {
    const target = event.target as Element;
    if (!target.closest('.options, [data-command=options]')) this.#panel.toggle(false);
    if (target.closest('select, input, .scrubber, .status')) return;
    this.root.focus({ preventScroll: true });
  }

  #chosen(selection: Selection, byHand: boolean): void {
    this.#hud.select(selection.character);
    this.#annotate();
    this.#moved();
    if (byHand) this.#dispatch('select', selection);
  }

  #hovered(figure: Figure | null, joint: number): void {
    this.#canvas.style.cursor = figure ? 'pointer' : '';
    if (this.#annotations.hover(figure, joint)) this.#request();
  }

  /** False for a command that has nothing to act on, so that its key goes to the page. */
  #run(command: Command): boolean {
    switch (command) {
      case 'help':
        this.#help.toggle();
        return true;
      case 'close':
        return this.#close();
      case 'options':
        this.#panel.toggle();
        return true;
      case 'picture':
        void this.takePicture();
        return true;
      case 'grid':
      case 'bones':
      case 'body':
      case 'tags':
      case 'ghosts':
      case 'trails':
      case 'onion':
      case 'path':
      case 'loop':
        this.#choose({ [command]: !this.#options[command] });
        return true;
      case 'follow':
        this.#choose({ follow: !this.#director.following });
        return true;
      case 'slower':
      case 'faster':
        return this.#changeSpeed(command === 'faster' ? 1 : -1);
      case 'viewFront':
        return this.#look(0, LEVEL);
      case 'viewSide':
        return this.#look(Math.PI / 2, LEVEL);
      case 'viewTop':
        return this.#look(0, Math.PI / 2 - 0.001);
      case 'frame':
        return this.#frameByHand('now');
      case 'frameAll':
        return this.#frameByHand('action');
      default:
        return this.#playback.run(command);
    }
  }

  /** What lies on top goes first, the selection last. */
  #close(): boolean {
    if (this.#help.open) this.#help.toggle(false);
    else if (this.#panel.open) this.#panel.toggle(false);
    else return this.#choosing.clear();
    return true;
  }

  #changeSpeed(by: 1 | -1): true {
    this.#choose({ speed: this.#playback.speedAfter(this.#options.speed, by) });
    return true;
  }

  #frameByHand(which: 'action' | 'now'): boolean {
    if (this.#cast.size === 0) return false;
    this.#camera.touched = true;
    if (which === 'action') this.#choose({ follow: false });
    this.#frame(which);
    return true;
  }

  /** Along the world's axes, as the gizmo shows them. */
  #look(azimuth: number, elevation: number): true {
    this.#camera.lookFrom(azimuth, elevation);
    this.#request();
    return true;
  }

  #choose(options: Partial<ViewerOptions>): void {
    this.setOptions(options);
    if (this.#options.remember) keepView(this.#options);
    this.#dispatch('options', { ...this.#options });
  }

  // What is shown

  #applyOptions(): void {
    const options = this.#options;
    this.#playback.setOptions(options);
    this.#stage.ground.showGrid(options.grid);
    this.#cast.show(options);
    this.#director.follow = options.follow;
    this.#director.track();
    this.#annotations.setOptions(options);
    this.#toolbar.show({ ...options, follow: this.#director.following });
    this.#panel.show(options);
    this.#toolbar.element.hidden = !options.toolbar;
    this.#gizmo.element.hidden = !options.toolbar;
    this.#transport.element.hidden = !options.transport;
    this.#transport.showScrubber(options.scrubber);
    this.#stateChanged();
    this.#moved();
  }

  #applyColors(): void {
    const colors = readStageColors(this.root);
    this.#stage.setColors(colors);
    this.#annotations.setColors(colors);
    this.#cast.setColors(colors);
    const members = this.#cast.members;
    this.#hud.set(members.map(({ id, name }, i) => ({ id, name, color: this.#cast.colorOf(i) })));
    this.#hud.select(this.selection.character);
    this.#hud.notice(this.#cast.notices.join(' '));
    this.#annotate();
    this.#transport.redraw();
    this.#moved();
  }

  #annotate(): void {
    const members = this.#cast.members.map((member, i) => ({
      id: member.id,
      name: member.name,
      figure: member.figure,
      figureUrl: member.figureUrl,
      color: this.#cast.colorOf(i),
    }));
    this.#annotations.setMembers(members, this.selection);
  }

  #frame(which: 'action' | 'now'): void {
    this.#director.frame(which);
    this.#request();
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#picture;
    if (width === 0 || height === 0) return;
    this.#stage.resize(width, height);
    this.#annotations.resize(width, height);
    if (!this.#camera.touched && this.#cast.size > 0) this.#director.firstSight(true);
    // At once, or the canvas would be blank until the next frame.
    this.#draw();
  }

  #stateChanged(): void {
    const { playing, loop, speed, shuttle } = this.#clock;
    this.#transport.showState({ playing, loop, speed, shuttle });
    const state = JSON.stringify([playing, loop, speed]);
    if (state !== this.#lastState) this.#dispatch('playstate', { playing, loop, speed });
    this.#lastState = state;
    this.#request();
  }

  #moved(): void {
    this.#poseDue = true;
    this.#request();
  }

  // What is drawn when: once for each change, and at display rate only while something moves

  #request(): void {
    if (this.#scheduled || this.#disposed) return;
    this.#scheduled = requestAnimationFrame((now) => this.#tick(now));
  }

  #tick(now: number): void {
    this.#scheduled = 0;
    const wasPlaying = this.#clock.playing;
    if (this.#clock.tick(now)) this.#poseDue = true;
    if (wasPlaying && !this.#clock.playing) this.#stateChanged();
    if (this.#poseDue) this.#pose();
    const flying = this.#camera.tick(now);
    this.#govern(now);
    this.#draw();
    if (this.#clock.playing || flying) this.#request();
  }

  #pose(): void {
    this.#poseDue = false;
    const { frame, fps } = this.#clock;
    this.#cast.pose(frame / fps);
    this.#director.track();
    this.#annotations.update(frame, fps);
    this.#transport.showFrame(frame);
    this.#hud.show(this.#cast.members);
    for (const callback of this.#listeners) callback(frame);
    const whole = Math.floor(frame + 1e-6);
    if (whole === this.#lastWhole) return;
    this.#lastWhole = whole;
    this.#dispatch('frame', { frame: whole, time: whole / fps });
  }

  /** Full resolution whenever nothing plays. */
  #govern(now: number): void {
    if (this.#clock.playing) this.#governor.played(now);
    else this.#governor.rest();
    this.#stage.resolution = this.#clock.playing ? this.#governor.scale : 1;
  }

  #draw(): void {
    const { clientWidth, clientHeight } = this.#picture;
    if (this.#disposed || clientWidth === 0 || clientHeight === 0) return;
    const { x, z, reach } = this.#cast.centre;
    this.#stage.render(x, z, reach + BODY);
    this.#annotations.draw(this.#stage.camera, clientWidth, clientHeight);
    this.#gizmo.update(this.#stage.camera);
    this.#outOfView.show(this.#cast.size > 0 && !this.#seesAny());
  }

  #seesAny(): boolean {
    for (const { figure } of this.#cast.members) if (this.#camera.sees(figure.box)) return true;
    return false;
  }

  #dispatch<K extends keyof ViewerEvents>(type: K, detail: ViewerEvents[K]): void {
    this.container.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}
