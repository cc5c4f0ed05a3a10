/** Where a ruler's marks are, and what they say. */

export type Unit = 'frames' | 'seconds';

export interface Ticks {
  /** Frames between labelled marks, and between any marks; the latter may lie between frames. */
  readonly major: number;
  readonly minor: number;
}

/** Steps that a second is divided into, and that minutes are made of. */
const ROUND_FRAMES = [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500];
const ROUND_SECONDS = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 36_000,
];
const LEAST_LABEL_PX = { frames: 58, seconds: 66 };
const LEAST_MINOR_PX = 6;

/**
 * The closest marks that keep labels legible. In frames the steps divide a second where they can,
 * so that seconds stay visible in the grid; in seconds they never fall below a frame.
 */
export function ticks(unit: Unit, fps: number, pixels: number): Ticks {
  const steps = unit === 'frames' ? frameSteps(fps) : secondSteps(fps);
  const major = steps.find((step) => step * pixels >= LEAST_LABEL_PX[unit]) ?? steps.at(-1)!;
  const divides = (step: number): boolean =>
    Math.abs(major / step - Math.round(major / step)) < 1e-6;
  const minor = steps.find((step) => step * pixels >= LEAST_MINOR_PX && divides(step)) ?? major;
  return { major, minor };
}

function frameSteps(fps: number): number[] {
  const second = Math.max(1, Math.round(fps));
  const within = ROUND_FRAMES.filter((step) => step < second && second % step === 0);
  const half = second % 2 === 0 && second > 4 ? [second / 2] : [];
  const seconds = ROUND_SECONDS.filter((s) => s >= 1).map((s) => s * second);
  return [...new Set([...within, ...half, ...seconds])].sort((a, b) => a - b);
}

function secondSteps(fps: number): number[] {
  const seconds = ROUND_SECONDS.map((s) => s * fps).filter((step) => step >= 1);
  return [1, ...seconds].sort((a, b) => a - b);
}

/** What a mark at `frame` says. */
export function tickLabel(unit: Unit, frame: number, fps: number, major: number): string {
  if (unit === 'frames') return String(Math.round(frame));
  return clockTime(frame / fps, major < fps - 1e-6 ? 1 : 0);
}

/** `0:04`, `1:02.5`, `1:00:03`: no longer than it has to be. */
export function clockTime(seconds: number, decimals: number): string {
  const unit = 10 ** decimals;
  const total = Math.round(Math.max(0, seconds) * unit);
  const whole = Math.floor(total / unit);
  const rest = decimals ? `.${String(total % unit).padStart(decimals, '0')}` : '';
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return (h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`) + rest;
}

/** A moment as the timeline's readouts say it. */
export function moment(unit: Unit, frame: number, fps: number): string {
  return unit === 'frames' ? String(Math.round(frame)) : clockTime(frame / fps, 2);
}

/** A length or a shift: `+12`, `-0.40 s`. */
export function stretch(unit: Unit, frames: number, fps: number, signed = false): string {
  const sign = frames < 0 ? '−' : signed && frames > 0 ? '+' : '';
  const size = Math.abs(frames);
  return unit === 'frames' ? `${sign}${size} f` : `${sign}${(size / fps).toFixed(2)} s`;
}
