/** The colours of the canvas: the page's tokens, and what is mixed from them. */

export interface Palette {
  readonly dark: boolean;
  readonly bg: string;
  readonly panel: string;
  readonly raised: string;
  readonly line: string;
  readonly text: string;
  readonly dim: string;
  readonly accent: string;
  readonly accentText: string;
  readonly good: string;
  readonly warn: string;
  readonly bad: string;
  readonly left: string;
  readonly right: string;
  readonly font: string;
}

export type Rgb = readonly [r: number, g: number, b: number];

const GREY: Rgb = [128, 128, 128];

/** `#rgb`, `#rrggbb` and `#rrggbbaa`; anything else is grey. */
export function parseHex(color: string): Rgb {
  const hex = /^#([0-9a-f]{3,8})$/i.exec(color.trim())?.[1];
  if (!hex) return GREY;
  const wide = hex.length < 6 ? [...hex].map((digit) => digit + digit).join('') : hex;
  const at = (i: number): number => parseInt(wide.slice(i, i + 2), 16);
  return [at(0), at(2), at(4)];
}

const memory = new Map<string, string>();

function remembered(key: string, make: () => string): string {
  let found = memory.get(key);
  if (found === undefined) {
    if (memory.size > 2000) memory.clear();
    found = make();
    memory.set(key, found);
  }
  return found;
}

/** From `a` to `b` by `share`, 0 to 1. */
export function mix(a: string, b: string, share: number): string {
  return remembered(`${a}${b}${share}`, () => {
    const [from, to] = [parseHex(a), parseHex(b)];
    const part = (i: number): string =>
      Math.round(from[i] + (to[i] - from[i]) * share)
        .toString(16)
        .padStart(2, '0');
    return `#${part(0)}${part(1)}${part(2)}`;
  });
}

export function fade(color: string, opacity: number): string {
  return remembered(`${color}@${opacity}`, () => `rgb(${parseHex(color).join(' ')} / ${opacity})`);
}

export function readPalette(element: HTMLElement): Palette {
  const style = getComputedStyle(element);
  const read = (name: string): string => style.getPropertyValue(`--ms-${name}`).trim() || '#808080';
  const bg = read('bg');
  return {
    dark: parseHex(bg).reduce((sum, part) => sum + part, 0) < 384,
    bg,
    panel: read('panel'),
    raised: read('raised'),
    line: read('line'),
    text: read('text'),
    dim: read('text-dim'),
    accent: read('accent'),
    accentText: read('accent-text'),
    good: read('good'),
    warn: read('warn'),
    bad: read('bad'),
    left: read('left'),
    right: read('right'),
    font: style.getPropertyValue('--ms-font').trim() || 'system-ui, sans-serif',
  };
}

/** The faces of a clip of a character's colour. */
export interface ClipColors {
  readonly body: string;
  readonly title: string;
  readonly edge: string;
  readonly name: string;
  readonly note: string;
}

export function clipColors(palette: Palette, color: string, selected: boolean): ClipColors {
  const { panel, text, dark } = palette;
  const more = selected ? 0.14 : 0;
  const title = mix(panel, color, (dark ? 0.42 : 0.72) + more);
  return {
    body: mix(panel, color, (dark ? 0.2 : 0.38) + more),
    title,
    edge: dark ? mix(panel, color, 0.62) : mix(color, text, 0.22),
    name: dark ? '#ffffff' : text,
    note: mix(title, text, 0.74),
  };
}
