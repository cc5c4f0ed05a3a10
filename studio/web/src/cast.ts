/** The characters on the stage: loads what a scene names, keeps what it keeps. */

import { Color, type Group } from 'three';

import { shifted, union, type Bounds } from './action';
import type { PerformerSpec, SceneSpec } from './api';
import { Figure } from './figure';
import { MotionLoader } from './loader';
import type { Contacts, Motion } from './motion';
import { sameSkeleton } from './same_skeleton';
import { CharacterMismatch, SkinnedBody, type CharacterLibrary } from './skinned';
import type { StageColors } from './theme';

interface Member {
  readonly id: string;
  readonly name: string;
  readonly color: string | undefined;
  readonly figureUrl: string | null;
  readonly figure: Figure;
}

/** What is there to be told of a member without reaching into it. */
export type MemberView = Pick<Member, 'id' | 'name' | 'figure' | 'figureUrl'>;

/** Share of the plain body's colour in a figure's: shading reads better on clay than on paint. */
const CLAY = 0.25;

/** Metres. */
interface Centre {
  x: number;
  z: number;
  reach: number;
}

export class Cast {
  readonly #motions = new MotionLoader();
  readonly #notices = new Map<string, string>();
  readonly #centre: Centre = { x: 0, z: 0, reach: 0 };
  #members: readonly Member[] = [];
  #request = 0;
  #shown = { body: true, bones: false };
  #colors: StageColors | null = null;

  /** @param changed called when a character's body has arrived, or has failed to. */
  constructor(
    private readonly parent: Group,
    private readonly library: CharacterLibrary,
    private readonly changed: () => void,
  ) {}

  get members(): readonly MemberView[] {
    return this.#members;
  }

  get size(): number {
    return this.#members.length;
  }

  find(id: string | null): Figure | null {
    return this.#members.find((m) => m.id === id)?.figure ?? null;
  }

  /** Sentences about characters that had to be shown as plain figures. */
  get notices(): string[] {
    return [...this.#notices.values()];
  }

  /**
   * Puts the scene's characters on the stage once all are loaded; until then, and if one fails,
   * what stands there stays. False if something later overtook this. Throws an Error whose message
   * is a sentence for the user.
   */
  async load(scene: SceneSpec, defaultFigure: string | null): Promise<boolean> {
    const request = ++this.#request;
    try {
      const performers = await Promise.all(
        scene.characters.map(async (spec): Promise<PerformerSpec> => {
          const url = spec.figureUrl ?? defaultFigure;
          // A body that fails is told of when it is put on.
          if (url) await this.library.load(url).catch(() => undefined);
          return { ...spec, motion: await this.#motions.load(spec.url, spec.name) };
        }),
      );
      if (request !== this.#request) return false;
      this.#put(performers, defaultFigure);
      return true;
    } catch (error) {
      if (request !== this.#request) return false;
      throw error;
    }
  }

  /** Puts characters on the stage whose motions are here. True if others stand there than before. */
  perform(performers: readonly PerformerSpec[], defaultFigure: string | null): boolean {
    this.#request++;
    return this.#put(performers, defaultFigure);
  }

  #put(performers: readonly PerformerSpec[], defaultFigure: string | null): boolean {
    const before = this.#members;
    if (this.#keep(performers, defaultFigure)) return false;
    this.#members = performers.map((spec) => this.#member(spec, before, defaultFigure));
    for (const { figure } of before) {
      if (!this.#members.some((m) => m.figure === figure)) figure.dispose();
    }
    for (const id of this.#notices.keys()) {
      if (!this.#members.some((m) => m.id === id)) this.#notices.delete(id);
    }
    if (this.#colors) this.setColors(this.#colors);
    return true;
  }

  /** The way of every move of a drag: the same characters, with other motions. */
  #keep(performers: readonly PerformerSpec[], defaultFigure: string | null): boolean {
    if (performers.length !== this.#members.length) return false;
    for (let i = 0; i < performers.length; i++) {
      const { name, color } = this.#members[i];
      const spec = performers[i];
      if (spec.name !== name || spec.color !== color) return false;
      if (!stays(this.#members[i], spec, defaultFigure)) return false;
    }
    for (let i = 0; i < performers.length; i++) {
      this.#members[i].figure.motion = performers[i].motion;
    }
    return true;
  }

  #member(spec: PerformerSpec, before: readonly Member[], defaultFigure: string | null): Member {
    const { id, name, color, motion } = spec;
    const figureUrl = figureOf(spec, defaultFigure);
    const kept = before.find((m) => stays(m, spec, defaultFigure));
    if (kept) {
      kept.figure.motion = motion;
      return { ...kept, name, color };
    }
    const member: Member = { id, name, color, figureUrl, figure: new Figure(motion) };
    this.parent.add(member.figure.object);
    member.figure.showBody(this.#shown.body);
    member.figure.showBones(this.#shown.bones);
    this.#dress(member);
    return member;
  }

  /** A plain figure that turns into another a moment later would only distract: it waits unseen. */
  #dress(member: Member): void {
    const { id, name, figure, figureUrl } = member;
    this.#notices.delete(id);
    if (!figureUrl) return;
    const ready = this.library.ready(figureUrl);
    if (ready) return this.#wear(member, () => new SkinnedBody(ready, figure.motion));
    figure.object.visible = false;
    const arrived = (wear: () => void): void => {
      if (!this.#members.some((m) => m.figure === figure)) return;
      wear();
      figure.object.visible = true;
      this.changed();
    };
    this.library.load(figureUrl).then(
      (source) => arrived(() => this.#wear(member, () => new SkinnedBody(source, figure.motion))),
      () => arrived(() => this.#plain(id, name, ' because it could not be loaded.')),
    );
  }

  #wear({ id, name, figure }: Member, make: () => SkinnedBody): void {
    try {
      figure.wear(make());
    } catch (error) {
      if (!(error instanceof CharacterMismatch)) throw error;
      this.#plain(id, name, `: ${error.message}`);
    }
  }

  #plain(id: string, name: string, why: string): void {
    this.#notices.set(id, `The character of “${name}” is shown as a plain figure${why}`);
  }

  /** Gives every character its colour. */
  setColors(colors: StageColors): void {
    this.#colors = colors;
    this.#members.forEach(({ color, figure }, i) => {
      figure.setColors(colors);
      const own = color ? new Color().setStyle(color).lerp(this.#hue(0), CLAY) : null;
      figure.tint(own ?? (i === 0 ? null : this.#hue(i)));
    });
  }

  #hue(i: number): Color {
    const hues = this.#colors?.hues ?? [];
    return hues[i % hues.length] ?? new Color('#808080');
  }

  /** The colour that tells a character's name and marks. */
  colorOf(i: number): Color {
    const { color } = this.#members[i];
    return color ? new Color().setStyle(color) : this.#hue(i);
  }

  show(what: { body: boolean; bones: boolean }): void {
    this.#shown = { body: what.body, bones: what.bones };
    for (const { figure } of this.#members) {
      figure.showBody(what.body);
      figure.showBones(what.bones);
    }
  }

  /** Every figure as it is at `seconds`. */
  pose(seconds: number): void {
    for (let i = 0; i < this.#members.length; i++) {
      const { figure } = this.#members[i];
      figure.pose(seconds * figure.motion.fps);
    }
  }

  /** The space of the whole action, of this moment, or of all poses as if made on this spot. */
  boxes(which: 'action' | 'now' | 'here'): Bounds[] {
    return this.#members.flatMap(({ figure }) => {
      if (which === 'now') return [figure.bounds];
      if (which === 'here') return [shifted(figure.action.body, ...figure.ground)];
      return figure.action.boxes;
    });
  }

  /** Metres over the ground, the longer side of the space of the whole action. */
  get travel(): number {
    const space = union(this.boxes('action'));
    return space ? Math.max(space.max[0] - space.min[0], space.max[2] - space.min[2]) : 0;
  }

  /** (x, z) of the first character's path, which the camera follows. */
  get ground(): readonly [number, number] | null {
    return this.#members[0]?.figure.ground ?? null;
  }

  /** The middle of all characters on the ground, and how far from it the farthest is. */
  get centre(): Readonly<Centre> {
    const centre = this.#centre;
    centre.x = centre.z = centre.reach = 0;
    const count = this.#members.length;
    for (let i = 0; i < count; i++) {
      const ground = this.#members[i].figure.ground;
      centre.x += ground[0] / count;
      centre.z += ground[1] / count;
    }
    for (let i = 0; i < count; i++) {
      const ground = this.#members[i].figure.ground;
      const x = ground[0] - centre.x;
      const z = ground[1] - centre.z;
      centre.reach = Math.max(centre.reach, Math.sqrt(x * x + z * z));
    }
    return centre;
  }

  /** Of the first motion. */
  get contacts(): Contacts | null {
    return this.motion?.contacts ?? null;
  }

  /** The first motion. */
  get motion(): Motion | null {
    return this.#members[0]?.figure.motion ?? null;
  }

  dispose(): void {
    this.#request++;
    for (const { figure } of this.#members) figure.dispose();
    this.#members = [];
  }
}

function figureOf(spec: PerformerSpec, defaultFigure: string | null): string | null {
  return spec.figureUrl === undefined ? defaultFigure : spec.figureUrl;
}

function stays(member: Member, spec: PerformerSpec, defaultFigure: string | null): boolean {
  return (
    member.id === spec.id &&
    member.figureUrl === figureOf(spec, defaultFigure) &&
    sameSkeleton(member.figure.motion, spec.motion)
  );
}
