/** Everything that is drawn about the motion rather than of it, over the figures and under them. */

import { Color, Group, type PerspectiveCamera } from 'three';

import { FLESH, type Bounds } from './action';
import type { GhostSpec, Selection, ViewOptions } from './api';
import { JointAxes } from './axes';
import type { MemberView } from './cast';
import { EchoPool } from './echo_pool';
import type { EchoLook } from './echoes';
import type { Figure } from './figure';
import { Ghosts } from './ghosts';
import { Onion } from './onion';
import { el } from './overlay/dom';
import { Readout } from './overlay/readout';
import { Tag, nameTag, stack } from './overlay/tags';
import { JointReader, jointTitle, noNumbers } from './readout';
import { Rings } from './rings';
import { RootPath } from './root_path';
import type { CharacterLibrary } from './skinned';
import type { StageColors } from './theme';
import { Trails } from './trails';

/** Metres. */
const RING = 0.36;
const ABOVE_HEAD = 0.16;

/** A character with what the annotations need to know of it. */
export interface Annotated extends MemberView {
  readonly color: Color;
}

export class Annotations {
  readonly object = new Group();
  /** Labels, laid over the picture. */
  readonly element = el('div', { class: 'tags' });
  readonly readout = new Readout();
  readonly #trails = new Trails();
  readonly #path = new RootPath();
  readonly #onion = new Onion();
  readonly #ghosts = new Ghosts();
  readonly #echoes: EchoPool;
  readonly #rings = new Rings();
  readonly #axes = new JointAxes();
  readonly #jointTag = new Tag(
    'joint',
    el('span', { class: 'mark' }),
    el('span', { class: 'label' }),
  );
  readonly #hoverTag = new Tag(
    'joint hover',
    el('span', { class: 'mark' }),
    el('span', { class: 'label' }),
  );
  readonly #numbers = noNumbers();
  readonly #addEcho = (figure: Figure, frame: number, look: EchoLook): void => {
    this.#echoes.add(this.#urls.get(figure) ?? null, figure.motion, frame, 0, 0, look);
  };
  #urls = new Map<Figure, string | null>();
  #members: readonly Annotated[] = [];
  #names: readonly Tag[] = [];
  #ghostNames: readonly Tag[] = [];
  /** The names that are shown. */
  #labels: readonly Tag[] = [];
  #chosen: readonly Figure[] = [];
  #figure: Figure | null = null;
  #joint = -1;
  #hovered: Figure | null = null;
  #hoveredJoint = -1;
  #reader: JointReader | null = null;
  #colors: StageColors | null = null;
  #options: ViewOptions;
  #defaultFigure: string | null = null;

  constructor(library: CharacterLibrary, options: ViewOptions, changed: () => void) {
    this.#options = options;
    this.#echoes = new EchoPool(library, changed);
    this.object.add(
      this.#rings.object,
      this.#path.object,
      this.#trails.object,
      this.#echoes.object,
      this.#axes.object,
    );
  }

  // What there is

  setMembers(members: readonly Annotated[], selection: Selection): void {
    this.#members = members;
    this.#urls = new Map(members.map(({ figure, figureUrl }) => [figure, figureUrl]));
    this.#names = members.map(({ name, color, id }) =>
      nameTag(name, color.getStyle(), id === selection.character ? 'name selected' : 'name'),
    );
    if (!members.some(({ figure }) => figure === this.#hovered)) this.#hovered = null;
    const selected = members.find(({ id }) => id === selection.character);
    this.#figure = selected?.figure ?? null;
    this.#choose(selected, selection.joint);
    this.#relabel();
    this.#retrail();
  }

  /** @param defaultFigure of ghosts that name no character of their own. */
  setGhosts(ghosts: readonly GhostSpec[], defaultFigure: string | null): void {
    this.#defaultFigure = defaultFigure;
    if (this.#ghosts.set(ghosts)) this.#nameGhosts();
  }

  setOptions(options: ViewOptions): void {
    this.#options = options;
    this.#trails.object.visible = options.trails;
    this.#path.object.visible = options.path;
    this.#relabel();
    this.#retrail();
  }

  setColors(colors: StageColors): void {
    this.#colors = colors;
    this.#trails.ribbons.setColors(colors);
    this.#path.setColors(colors);
    this.#ghosts.setColors(colors);
    this.#axes.setColors(colors);
    this.#nameGhosts();
  }

  #choose(member: Annotated | undefined, joint: string | null): void {
    this.#joint = member && joint !== null ? member.figure.motion.joints.indexOf(joint) : -1;
    this.#reader = this.#figure && this.#joint >= 0 ? new JointReader(this.#figure.motion) : null;
    this.#axes.object.visible = this.#joint >= 0;
    const several = this.#members.length > 1;
    this.readout.choose(this.#joint >= 0 ? joint : null, several ? (member?.name ?? '') : '');
    if (joint !== null) setLabel(this.#jointTag, joint);
  }

  /** Names the joint that a click would choose, -1 for none. True if something changed. */
  hover(figure: Figure | null, joint: number): boolean {
    if (figure === this.#hovered && joint === this.#hoveredJoint) return false;
    this.#hovered = joint >= 0 ? figure : null;
    this.#hoveredJoint = joint;
    if (figure && joint >= 0) setLabel(this.#hoverTag, figure.motion.joints[joint]);
    this.#relabel();
    return true;
  }

  get #hints(): boolean {
    const chosen = this.#hovered === this.#figure && this.#hoveredJoint === this.#joint;
    return this.#hovered !== null && !chosen;
  }

  #nameGhosts(): void {
    this.#ghostNames = this.#ghosts.all.map(({ spec, look }) =>
      nameTag(spec.name, look.color.getStyle(), 'name ghost'),
    );
    this.#relabel();
  }

  #relabel(): void {
    const { tags, ghosts } = this.#options;
    const several = this.#members.length + (ghosts ? this.#ghosts.all.length : 0) > 1;
    this.#labels = [...(tags && several ? this.#names : []), ...(ghosts ? this.#ghostNames : [])];
    this.element.replaceChildren(
      ...this.#labels.map((tag) => tag.element),
      ...(this.#joint >= 0 ? [this.#jointTag.element] : []),
      ...(this.#hints ? [this.#hoverTag.element] : []),
    );
  }

  #retrail(): void {
    this.#chosen = this.#figure ? [this.#figure] : this.#members.map(({ figure }) => figure);
    this.#path.figures = this.#chosen;
    const extra = this.#chosen.map((figure) => (figure === this.#figure ? this.#joint : -1));
    const { trailParts: parts, trailPast: past, trailFuture: future } = this.#options;
    this.#trails.set(this.#chosen, extra, { parts, past, future });
  }

  /** The space of the ghosts that are shown. */
  boxes(): Bounds[] {
    return this.#options.ghosts ? this.#ghosts.boxes() : [];
  }

  /** Whether ghosts are laid out beside the characters. */
  get apart(): boolean {
    return this.#options.ghosts && this.#ghosts.all.some(({ spec }) => spec.offset);
  }

  // What is drawn

  /** After the figures have been posed, as of frame `now` of a timeline of `fps`. */
  update(now: number, fps: number): void {
    const seconds = now / fps;
    if (this.#options.trails) this.#trails.update(seconds, fps);
    if (this.#options.path) this.#path.update(seconds);
    this.#ghosts.pose(now, fps);
    this.#updateEchoes();
    this.#updateRings();
    this.#updateJoint();
    this.#updateNames();
  }

  #updateEchoes(): void {
    const { onion, onionStep, onionCount, ghosts } = this.#options;
    this.#echoes.begin();
    this.#onion.begin();
    if (onion && this.#colors) {
      const { past, future } = this.#colors;
      for (const figure of this.#chosen) {
        this.#onion.add(figure, onionStep, onionCount, past, future, this.#addEcho);
      }
    }
    if (ghosts) {
      for (const ghost of this.#ghosts.all) {
        const { figureUrl = this.#defaultFigure } = ghost.spec;
        const { motion, frame, offsetX, offsetZ, look } = ghost;
        this.#echoes.add(figureUrl, motion, frame, offsetX, offsetZ, look);
      }
    }
    this.#echoes.end();
  }

  #updateRings(): void {
    this.#rings.begin();
    if (this.#figure && this.#colors) {
      const { positions: p } = this.#figure.world;
      this.#rings.add(p[0], p[2], RING, this.#figure.heading, this.#colors.accent, false);
    }
    if (this.#options.ghosts) {
      for (const { x, z, look } of this.#ghosts.all) {
        this.#rings.add(x, z, RING, 0, look.color, true);
      }
    }
    this.#rings.end();
  }

  #updateJoint(): void {
    const figure = this.#figure;
    if (!figure || !this.#reader) return;
    this.#reader.read(figure.motion, figure.frame, this.#joint, this.#numbers);
    this.readout.show(this.#numbers);
    this.#axes.update(figure.world, this.#joint);
    this.#jointTag.at.fromArray(figure.world.positions, this.#joint * 3);
  }

  #updateNames(): void {
    for (let i = 0; i < this.#names.length; i++) {
      const { box, world } = this.#members[i].figure;
      const { positions: p } = world;
      this.#names[i].at.set(p[0], box.max.y + ABOVE_HEAD, p[2]);
    }
    for (let i = 0; i < this.#ghostNames.length; i++) {
      const { x, z, top } = this.#ghosts.all[i];
      this.#ghostNames[i].at.set(x, top + ABOVE_HEAD + FLESH, z);
    }
  }

  resize(width: number, height: number): void {
    this.#trails.ribbons.resize(width, height);
    this.#path.resize(width, height);
  }

  /** Before the picture is drawn: keeps the labels over what they name. */
  draw(camera: PerspectiveCamera, width: number, height: number): void {
    if (this.element.childElementCount === 0) return;
    for (const tag of this.#labels) tag.aim(camera, width, height);
    stack(this.#labels);
    for (const tag of this.#labels) tag.place();
    if (this.#joint >= 0) {
      this.#jointTag.aim(camera, width, height);
      this.#jointTag.place();
    }
    if (this.#hovered) {
      this.#hoverTag.at.fromArray(this.#hovered.world.positions, this.#hoveredJoint * 3);
      this.#hoverTag.aim(camera, width, height);
      this.#hoverTag.place();
    }
  }

  dispose(): void {
    this.#trails.dispose();
    this.#path.dispose();
    this.#echoes.dispose();
    this.#rings.dispose();
    this.#axes.dispose();
    this.object.removeFromParent();
  }
}

function setLabel(tag: Tag, joint: string): void {
  tag.element.querySelector('.label')!.textContent = jointTitle(joint);
}
