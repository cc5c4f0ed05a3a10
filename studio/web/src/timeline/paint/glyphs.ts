/** Small marks on clips, drawn on a 12-unit grid. */

export type Glyph = 'reverse' | 'mirror' | 'inPlace' | 'loop' | 'pin';

const PATHS: Readonly<Record<Glyph, string>> = {
  reverse: 'M10 3v6L6 6zM6 3v6L2 6z',
  mirror: 'M6 1.500v9M4 3.500 1.500 8.500H4zM8 3.500l2.500 5H8z',
  inPlace: 'M6 1.500v5.500M3.800 5 6 7.200 8.200 5M2 10h8',
  loop: 'M2.500 5.500V5a2 2 0 0 1 2-2H9.500M8 1.300 9.700 3 8 4.700M9.500 6.500V7a2 2 0 0 1-2 2H2.500M4 10.700 2.300 9 4 7.300',
  pin: 'M6 10.700V7M3.800 7h4.400M4.600 7l.4-4.500M7.400 7 7 2.500M4.200 2.200h3.600',
};
const FILLED: ReadonlySet<Glyph> = new Set(['reverse']);
export const GLYPH_PX = 12;

const drawn = new Map<Glyph, Path2D>();

/** Its upper left corner at (x, y). */
export function glyph(
  pen: CanvasRenderingContext2D,
  name: Glyph,
  x: number,
  y: number,
  color: string,
): void {
  let path = drawn.get(name);
  if (!path) drawn.set(name, (path = new Path2D(PATHS[name])));
  pen.save();
  pen.translate(x, y);
  if (FILLED.has(name)) {
    pen.fillStyle = color;
    pen.fill(path);
  } else {
    pen.strokeStyle = color;
    pen.lineWidth = 1.2;
    pen.lineCap = 'round';
    pen.lineJoin = 'round';
    pen.stroke(path);
  }
  pen.restore();
}
