/** Icons of one weight on a 16-unit grid. Ours; outlines at 1.4, solid where players' marks are. */

const OUTLINES = {
  loop: 'M3 7V6.5A2.5 2.5 0 0 1 5.500 4H13M11 2l2 2-2 2M13 9v.5a2.500 2.500 0 0 1-2.500 2.500H3M5 14l-2-2 2-2',
  frame:
    'M2.500 5.500v-3h3M10.500 2.500h3v3M13.500 10.500v3h-3M5.500 13.500h-3v-3M8 6.400a1.600 1.600 0 1 0 0 3.200 1.600 1.600 0 0 0 0-3.200z',
  follow:
    'M8 4.500a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7zM8 1.500v3M8 11.500v3M1.500 8h3M11.500 8h3',
  grid: 'M4.600 2.500 2 13.500M11.400 2.500 14 13.500M8 2.500v11M3.700 6h8.600M2.700 10h10.600M4.600 2.500h6.800M2 13.500h12',
  bones:
    'M5.600 8.900 8.900 5.600M10.400 7.100 7.100 10.400M8.900 5.600a2 2 0 1 1 2.300-2.300 2 2 0 1 1-.8 3.800M7.100 10.400a2 2 0 1 1-2.300 2.300 2 2 0 1 1 .8-3.800',
  body: 'M8 1.800a1.700 1.700 0 1 0 0 3.400 1.700 1.700 0 0 0 0-3.400zM3.500 7.200h9M6.200 7.200l.3 3.600-.9 3.700M9.800 7.200l-.3 3.600.9 3.700',
  help: 'M8 1.800a6.200 6.200 0 1 0 0 12.400A6.200 6.200 0 0 0 8 1.800zM6.200 6.300a1.800 1.800 0 1 1 2.600 1.700c-.6.3-.8.6-.8 1.300M8 11.300v.2',
  close: 'M4 4l8 8M12 4l-8 8',
  trails:
    'M1.800 12.500C3.500 5.500 6 3.200 8 6.200s4 3.800 6.200-2.700M4 7.600v.01M8 6.200v.01M11.600 7.600v.01',
  onion:
    'M8 3.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9zM4.300 5.200a4.500 4.500 0 0 0 0 5.600M11.700 5.200a4.500 4.500 0 0 1 0 5.600M2.200 4.200a6.500 6.500 0 0 0 0 7.600M13.800 4.200a6.500 6.500 0 0 1 0 7.600',
  path: 'M2.500 13.500c3.500 0 2-5.500 5.500-5.500s2.300-2.800 3.400-4.700M8.600 4.400l2.900-1.400.8 3.100',
  options:
    'M2 4.500h6.500M12.500 4.500H14M10.500 3a1.500 1.500 0 1 0 0 3 1.500 1.500 0 0 0 0-3zM2 11.500h1.500M7.500 11.500H14M5.500 10a1.500 1.500 0 1 0 0 3 1.500 1.500 0 0 0 0-3z',
  picture:
    'M2.500 5h2.300l1-1.700h4.400l1 1.700h2.300v7.700h-11zM8 6.600a2.200 2.200 0 1 0 0 4.400 2.200 2.200 0 0 0 0-4.400z',
} as const;

const SOLIDS = {
  play: 'M4.500 2.700v10.600a.5.5 0 0 0 .76.43l8.700-5.300a.5.5 0 0 0 0-.86l-8.700-5.300a.5.5 0 0 0-.76.43z',
  pause: 'M4 2.800h2.800v10.400H4zM9.200 2.800H12v10.400H9.200z',
  stepBack: 'M10.800 3.400v9.200L4.900 8zM3.300 3.400h1.400v9.200H3.300z',
  step: 'M5.200 3.400v9.200L11.100 8zM11.300 3.400h1.400v9.200h-1.400z',
  toStart: 'M13.300 3.600v8.800L8 8zM8.300 3.600v8.800L3 8zM1.700 3.600H3v8.800H1.700z',
  toEnd: 'M2.700 3.600v8.800L8 8zM7.700 3.600v8.800L13 8zM13 3.600h1.300v8.800H13z',
} as const;

export type IconName = keyof typeof OUTLINES | keyof typeof SOLIDS;

export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  const outline = name in OUTLINES;
  path.setAttribute('d', { ...OUTLINES, ...SOLIDS }[name]);
  path.setAttribute('class', outline ? 'outline' : 'solid');
  svg.append(path);
  return svg;
}
