/** Trades resolution for smoothness on machines that cannot draw every frame in full. */

const SLOW_MS = 45;
const FAST_MS = 22;
const WINDOW = 10;
/** A pause this long is a hidden page or a busy main thread, not slow drawing. */
const OUTLIER_MS = 400;
const STEPS = [1, 0.75, 0.5] as const;

export class Governor {
  #step = 0;
  #last: number | null = null;
  readonly #intervals = new Float64Array(WINDOW);
  #count = 0;

  get scale(): number {
    return STEPS[this.#step];
  }

  /** Call for every frame drawn during playback; true if the scale changed. */
  played(now: number): boolean {
    const last = this.#last;
    this.#last = now;
    if (last === null || now - last > OUTLIER_MS) return false;
    this.#intervals[this.#count++] = now - last;
    if (this.#count < WINDOW) return false;
    this.#count = 0;
    const median = this.#intervals.sort()[WINDOW >> 1];
    const before = this.#step;
    if (median > SLOW_MS) this.#step = Math.min(this.#step + 1, STEPS.length - 1);
    // Going up quadruples the pixels at most, so it needs to be fast by far.
    else if (median < FAST_MS / 2) this.#step = Math.max(this.#step - 1, 0);
    return this.#step !== before;
  }

  rest(): void {
    this.#last = null;
    this.#count = 0;
  }
}
