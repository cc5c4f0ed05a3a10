/** Which character and which of its joints are chosen, by the page or by hand. */

import type { Camera } from 'three';

import type { Selection } from './api';
import type { Cast } from './cast';
import type { Figure } from './figure';
import { Picker, type Hit } from './picking';
import type { PointingActions } from './pointing';

const NOTHING: Selection = { character: null, joint: null };

export interface ChoosingActions {
  /** Something else is chosen now. */
  chosen(selection: Selection, byHand: boolean): void;
  /** The pointer is over a figure, and perhaps over a joint of it; -1 where not. */
  hovered(figure: Figure | null, joint: number): void;
}

export class Choosing implements PointingActions {
  readonly #picker = new Picker();
  #selection = NOTHING;

  /** @param picture what the camera's picture fills */
  constructor(
    private readonly cast: Cast,
    private readonly camera: Camera,
    private readonly picture: HTMLElement,
    private readonly act: ChoosingActions,
  ) {}

  get selection(): Selection {
    return this.#selection;
  }

  /** What is not on the stage is not chosen. */
  select(character: string | null, joint: string | null, byHand = false): void {
    const figure = this.cast.find(character);
    const known = figure !== null && joint !== null && figure.motion.joints.includes(joint);
    this.#selection = figure ? { character, joint: known ? joint : null } : NOTHING;
    this.act.chosen(this.#selection, byHand);
  }

  /** Chooses a character, or lets go of it where it was chosen. */
  toggle(character: string): void {
    this.#byHand(character === this.#selection.character ? null : character, null);
  }

  /** False where nothing was chosen. */
  clear(): boolean {
    if (this.#selection.character === null) return false;
    this.#byHand(null, null);
    return true;
  }

  click(x: number, y: number): void {
    const hit = this.#pick(x, y);
    const member = hit && this.cast.members[hit.figure];
    const joint = hit && hit.joint >= 0 ? member!.figure.motion.joints[hit.joint] : null;
    this.#byHand(member?.id ?? null, joint);
  }

  hover(x: number, y: number): void {
    const hit = this.#pick(x, y);
    this.act.hovered(hit && this.cast.members[hit.figure].figure, hit ? hit.joint : -1);
  }

  leave(): void {
    this.act.hovered(null, -1);
  }

  #byHand(character: string | null, joint: string | null): void {
    const before = this.#selection;
    if (before.character === character && before.joint === joint) return;
    this.select(character, joint, true);
  }

  #pick(x: number, y: number): Readonly<Hit> | null {
    const { clientWidth, clientHeight } = this.picture;
    const figures = this.cast.members.map((m) => m.figure);
    return this.#picker.pick(x, y, this.camera, clientWidth, clientHeight, figures);
  }
}
