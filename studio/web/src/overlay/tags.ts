/** Words over things in the picture: names over figures, the joint that is chosen. */

import { Vector3, type Camera } from 'three';

import { el } from './dom';

/** Pixels that are not worth moving an element for. */
const STILL = 0.2;

/** Pixels from the top of one name to that of the next above it. */
const STEP = 21;
const GAP = 4;

/** A label that is kept over a point of the world. */
export class Tag {
  readonly element: HTMLElement;
  /** Metres, world. */
  readonly at = new Vector3();
  /** CSS pixels in the picture, as of the last `aim`. */
  x = 0;
  y = 0;
  shown = false;
  /** Kept this far below the picture's upper edge, so that the name of what is seen is seen. */
  least = -Infinity;
  readonly #seen = new Vector3();
  #width = 0;
  #placedX = NaN;
  #placedY = NaN;

  constructor(className: string, ...content: Array<Node | string>) {
    this.element = el('div', { class: `tag ${className}` }, ...content);
  }

  /** Works out where `at` is in a picture of `width` by `height` CSS pixels. */
  aim(camera: Camera, width: number, height: number): void {
    this.#seen.copy(this.at).applyMatrix4(camera.matrixWorldInverse);
    const before = this.#seen.z < -0.05;
    this.#seen.applyMatrix4(camera.projectionMatrix);
    this.shown = before && Math.abs(this.#seen.x) < 1.1 && Math.abs(this.#seen.y) < 1.25;
    this.x = (this.#seen.x + 1) * 0.5 * width;
    this.y = Math.max((1 - this.#seen.y) * 0.5 * height, this.least);
  }

  /** Puts the element there. */
  place(): void {
    if (this.element.hidden === this.shown) this.element.hidden = !this.shown;
    if (!this.shown) return;
    if (Math.abs(this.x - this.#placedX) < STILL && Math.abs(this.y - this.#placedY) < STILL)
      return;
    this.#placedX = this.x;
    this.#placedY = this.y;
    this.element.style.transform = `translate(${this.x.toFixed(1)}px, ${this.y.toFixed(1)}px)`;
  }

  /** Of the label, measured once it is in the page. */
  get width(): number {
    this.#width ||= (this.element.lastElementChild as HTMLElement).offsetWidth;
    return this.#width;
  }
}

/** Moves names that would cover each other, the later ones over the earlier, or under them. */
export function stack(tags: readonly Tag[]): void {
  for (let i = 1; i < tags.length; i++) {
    const tag = tags[i];
    // Every move may lead onto another name; after as many moves as names there is no more to meet.
    for (let moves = 0; moves < i && tag.shown; moves++) {
      const other = firstUnder(tags, i);
      if (!other) break;
      tag.y = other.y - STEP >= tag.least ? other.y - STEP : other.y + STEP;
    }
  }
}

function firstUnder(tags: readonly Tag[], i: number): Tag | null {
  const { x, y, width } = tags[i];
  for (let k = 0; k < i; k++) {
    const other = tags[k];
    if (!other.shown || Math.abs(other.y - y) >= STEP) continue;
    if (Math.abs(other.x - x) < (other.width + width) / 2 + GAP) return other;
  }
  return null;
}

/** A name with the colour that belongs to it. */
export function nameTag(name: string, color: string, className: string): Tag {
  const dot = el('span', { class: 'dot' });
  dot.style.background = color;
  const tag = new Tag(className, el('span', { class: 'label' }, dot, name));
  tag.least = STEP + GAP;
  return tag;
}
