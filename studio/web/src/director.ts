/** Decides when the camera may move by itself: at first sight, and after a change, never in a drag. */

import type { Bounds } from './action';
import type { CameraRig } from './camera';
import type { Cast } from './cast';
import { ELEVATION, FRONT_QUARTER, ROW_QUARTER } from './framing';
import type { Stage } from './scene';

/** An action this long, in metres, makes its figure small where all of it is seen at once. */
const LONG_WAY = 4.2;
/** A change is over when nothing has changed for this long. */
const SETTLED_MS = 400;

/** What belongs to the action besides the characters, such as ghosts. */
export interface Others {
  boxes(): Bounds[];
  /** Whether any of it stands beside the characters, to be seen together with them. */
  readonly apart: boolean;
}

export class Director {
  /** As the option says. */
  follow: boolean | 'auto' = 'auto';
  readonly #abort = new AbortController();
  #longWay = false;
  /** Ghosts stand beside the characters. */
  #row = false;
  #timer = 0;
  #handDown = false;

  constructor(
    private readonly camera: CameraRig,
    private readonly cast: Cast,
    private readonly stage: Pick<Stage, 'lightFrom'>,
    private readonly others: Others,
  ) {
    const { signal } = this.#abort;
    const hand = (down: boolean) => (): void => {
      this.#handDown = down;
    };
    window.addEventListener('pointerdown', hand(true), { signal, capture: true });
    for (const end of ['pointerup', 'pointercancel', 'blur'] as const) {
      window.addEventListener(end, hand(false), { signal, capture: true });
    }
  }

  get following(): boolean {
    return this.follow === 'auto' ? this.#longWay : this.follow;
  }

  /** Keeps a followed figure where it is in the picture. */
  track(): void {
    this.camera.follow(this.following ? this.cast.ground : null);
  }

  /** Others stand on the stage than before. */
  enter(first: boolean): void {
    this.#judge();
    // What was followed may be gone.
    this.camera.follow(null);
    if (!this.camera.touched) this.firstSight(first);
    this.track();
  }

  /** The same characters move otherwise; the picture follows once that has come to rest. */
  change(): void {
    if (this.camera.touched) return;
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#settle(), SETTLED_MS);
  }

  #settle(): void {
    if (this.camera.touched) return;
    if (this.#handDown) return this.change();
    const before = this.#seenAs;
    this.#judge();
    if (before !== this.#seenAs) this.firstSight(false);
    else if (!this.camera.holds(this.#boxes)) this.camera.frame(this.#boxes);
    this.track();
  }

  /** Followed, in a row, or as one action: each is looked at in a way of its own. */
  get #seenAs(): string {
    return `${this.following} ${this.#row}`;
  }

  /** Of several figures each goes its own way; following one would lose the others. */
  #judge(): void {
    if (this.camera.touched) return;
    this.#row = this.others.apart;
    const alone = this.cast.size === 1 && !this.#row;
    this.#longWay = alone && this.cast.travel > LONG_WAY;
  }

  get #boxes(): Bounds[] {
    if (this.following) return this.cast.boxes('here');
    return [...this.cast.boxes('action'), ...this.others.boxes()];
  }

  /** The whole action from the figure's front quarter, lit from the front. */
  firstSight(instant: boolean): void {
    const boxes = this.#boxes;
    if (boxes.length === 0) return;
    const heading = this.cast.members[0]?.figure.action.heading ?? 0;
    this.stage.lightFrom(heading);
    const aside = this.#row ? ROW_QUARTER : FRONT_QUARTER;
    this.camera.frame(boxes, { azimuth: heading + aside, elevation: ELEVATION, instant });
  }

  /** What was asked for: the whole action, or the figures as they stand. */
  frame(which: 'action' | 'now'): void {
    const others = which === 'action' ? this.others.boxes() : [];
    const boxes = [...this.cast.boxes(which), ...others];
    if (boxes.length > 0) this.camera.frame(boxes);
  }

  dispose(): void {
    window.clearTimeout(this.#timer);
    this.#abort.abort();
  }
}
