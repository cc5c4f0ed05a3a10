/** Times as people read them, and how to space the marks of a time ruler. */

/** `00:03.2`; tenths are cut, not rounded, so that a time is never shown before it is reached. */
export function timecode(seconds: number): string {
  const tenths = Math.floor(Math.max(0, seconds) * 10 + 1e-6);
  const minutes = Math.floor(tenths / 600);
  const rest = tenths % 600;
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `${pad(minutes)}:${pad(Math.floor(rest / 10))}.${rest % 10}`;
}

export interface RulerSpacing {
  /** Frames between labelled marks. */
  readonly major: number;
  /** Frames between marks; divides `major`. */
  readonly minor: number;
}

const STEPS_S = [2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 18_000, 36_000, 86_400];
const MIN_MINOR_PX = 5;

/** The closest marks that keep labels `minLabelPx` apart and single marks legible. */
export function rulerSpacing(
  frames: number,
  fps: number,
  width: number,
  minLabelPx = 56,
): RulerSpacing {
  const pxPerFrame = width / Math.max(1, frames);
  const second = Math.max(1, Math.round(fps));
  const candidates = [...divisors(second), ...STEPS_S.map((s) => s * second)];
  const major = candidates.find((c) => c * pxPerFrame >= minLabelPx) ?? candidates.at(-1)!;
  const fits = (c: number): boolean => major % c === 0 && c * pxPerFrame >= MIN_MINOR_PX;
  return { major, minor: candidates.find(fits) ?? major };
}

function divisors(value: number): number[] {
  return Array.from({ length: value }, (_, i) => i + 1).filter((d) => value % d === 0);
}
