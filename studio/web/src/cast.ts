/** The characters on the stage: loads what a scene names, keeps what it keeps. */

import { Color, type Group } from 'three';

import { shifted, union, type Bounds } from './action';
import type { CharacterSpec, SceneSpec } from './api';
import { Figure } from './figure';
import { MotionLoader } from './loader';
import type { Contacts, Motion } from './motion';
import { CharacterLibrary, CharacterMismatch, SkinnedBody } from './skinned';
import type { StageColors } from './theme';

interface Member {
  readonly spec: CharacterSpec;
  readonly figureUrl: string | null;
  readonly figure: Figure;
}

export class Cast {
  readonly #motions = new MotionLoader();
  readonly #characters = new CharacterLibrary();
  #members: readonly Member[] = [];
  #request = 0;
  #shown = { body: true, bones: false };
  /** Sentences about characters that had to be shown as plain figures. */
  notices: readonly string[] = [];

  constructor(private readonly parent: Group) {}

  get figures(): readonly Figure[] {
    return this.#members.map((m) => m.figure);
  }

  get specs(): readonly CharacterSpec[] {
    return this.#members.map((m) => m.spec);
  }

  /**
   * Puts the scene's characters on the stage once all are loaded; until then, and if one fails,
   * what stands there stays. False if a later scene overtook this one. Throws an Error whose
   * message is a sentence for the user.
   */
  async set(scene: SceneSpec, defaultFigure: string | null): Promise<boolean> {
    const request = ++this.#request;
    const notices: string[] = [];
    const made: Figure[] = [];
    const wanted = scene.characters.map((spec) => ({
      spec,
      figureUrl: spec.figureUrl ?? defaultFigure,
    }));
    try {
      const members = await Promise.all(
        wanted.map(async ({ spec, figureUrl }): Promise<Member> => {
          const kept = this.#members.find(
            (m) => m.spec.id === spec.id && m.spec.url === spec.url && m.figureUrl === figureUrl,
          );
          if (kept) return { ...kept, spec };
          const motion = await this.#motions.load(spec.url, spec.name);
          const figure = new Figure(motion);
          made.push(figure);
          await this.#dress(figure, motion, spec, figureUrl, notices);
          return { spec, figureUrl, figure };
        }),
      );
      if (request !== this.#request) {
        made.forEach((figure) => figure.dispose());
        return false;
      }
      this.#replace(members);
      this.notices = notices;
      return true;
    } catch (error) {
      made.forEach((figure) => figure.dispose());
      if (request !== this.#request) return false;
      throw error;
    }
  }

  async #dress(
    figure: Figure,
    motion: Motion,
    spec: CharacterSpec,
    url: string | null,
    notices: string[],
  ): Promise<void> {
    if (!url) return;
    try {
      const source = await this.#characters.load(new URL(url, document.baseURI).href);
      figure.wear(new SkinnedBody(source, motion));
    } catch (error) {
      const why =
        error instanceof CharacterMismatch
          ? `: ${error.message}`
          : ' because it could not be loaded.';
      notices.push(`The character of “${spec.name}” is shown as a plain figure${why}`);
    }
  }

  #replace(members: readonly Member[]): void {
    const staying = new Set(members.map((m) => m.figure));
    for (const { figure } of this.#members) {
      if (!staying.has(figure)) figure.dispose();
    }
    this.#members = members;
    for (const { figure } of members) {
      this.parent.add(figure.object);
      figure.showBody(this.#shown.body);
      figure.showBones(this.#shown.bones);
    }
  }

  /** Gives every character its colour and returns them in order. */
  setColors(colors: StageColors): Color[] {
    return this.#members.map(({ spec, figure }, i) => {
      figure.setColors(colors);
      const own = spec.color ? new Color().setStyle(spec.color) : null;
      const hue = colors.hues[i % colors.hues.length];
      figure.tint(own ?? (i === 0 ? null : hue));
      return own ?? hue;
    });
  }

  show(what: { body: boolean; bones: boolean }): void {
    this.#shown = what;
    for (const figure of this.figures) {
      figure.showBody(what.body);
      figure.showBones(what.bones);
    }
  }

  /** Every figure as it is at `seconds`. */
  pose(seconds: number): void {
    for (const figure of this.figures) figure.pose(seconds * figure.motion.fps);
  }

  /** The space of the whole action, of this moment, or of all poses as if made on this spot. */
  boxes(which: 'action' | 'now' | 'here'): Bounds[] {
    return this.figures.flatMap((figure) => {
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

  /** (x, z) of the first character's path, which the camera follows and the light is over. */
  get ground(): readonly [number, number] | null {
    return this.figures[0]?.ground ?? null;
  }

  /** Of the first motion. */
  get contacts(): Contacts | null {
    return this.figures[0]?.motion.contacts ?? null;
  }

  dispose(): void {
    this.#request++;
    for (const figure of this.figures) figure.dispose();
    this.#members = [];
    this.#characters.dispose();
  }
}
