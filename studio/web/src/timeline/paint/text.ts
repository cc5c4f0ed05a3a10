/** Text that fits: shortened with an ellipsis, and measured once. */

const ELLIPSIS = '…';
const MOST = 4000;
/** Widths are remembered in steps of this, so that a zoom does not measure every pixel's width. */
const STEP_PX = 6;

/** What was measured in one font. */
interface Known {
  readonly fits: Map<string, string>;
  readonly widths: Map<string, number>;
}

export class TextFitter {
  readonly #fonts = new Map<string, Known>();
  #known: Known = { fits: new Map(), widths: new Map() };

  /** The font of what follows. */
  use(pen: CanvasRenderingContext2D, font: string): void {
    pen.font = font;
    let known = this.#fonts.get(font);
    if (!known) this.#fonts.set(font, (known = { fits: new Map(), widths: new Map() }));
    this.#known = known;
  }

  width(pen: CanvasRenderingContext2D, text: string): number {
    let found = this.#known.widths.get(text);
    if (found === undefined) {
      if (this.#known.widths.size > MOST) this.#known.widths.clear();
      found = pen.measureText(text).width;
      this.#known.widths.set(text, found);
    }
    return found;
  }

  /** `text`, or as much of its beginning as `room` pixels take; empty where not a letter fits. */
  fit(pen: CanvasRenderingContext2D, text: string, room: number): string {
    if (room <= 0) return '';
    if (this.width(pen, text) <= room) return text;
    const step = Math.floor(room / STEP_PX);
    const key = `${step} ${text}`;
    let found = this.#known.fits.get(key);
    if (found === undefined) {
      if (this.#known.fits.size > MOST) this.#known.fits.clear();
      found = shortened(text, (part) => pen.measureText(part).width <= step * STEP_PX);
      this.#known.fits.set(key, found);
    }
    return found;
  }
}

/** The longest beginning of `text` that fits with an ellipsis. */
export function shortened(text: string, fits: (part: string) => boolean): string {
  const letters = [...text];
  let low = 0;
  let high = letters.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const part = letters.slice(0, middle).join('').trimEnd();
    if (fits(part + ELLIPSIS)) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? '' : letters.slice(0, low).join('').trimEnd() + ELLIPSIS;
}
