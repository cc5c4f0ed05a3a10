/** Icons of the timeline's buttons, on the viewer's 16-unit grid and of its weight. */

const PATHS = {
  select: 'M4 2.200v10.400l2.700-2.600 1.700 4 1.900-.8-1.700-3.900h3.900z',
  razor: 'M3 6.500 9.500 3l3.500 3.500-6.500 3.500zM8 8.900V14M8 1.500v1.200',
  slip: 'M4.500 3v10M11.500 3v10M1.500 8h5M9.500 8h5M3 6.500 1.500 8 3 9.500M13 6.500 14.500 8 13 9.500',
  span: 'M3 3H1.800v10H3M13 3h1.200v10H13M8 4.200l.95 2.850L11.800 8l-2.850.95L8 11.800l-.95-2.850L4.200 8l2.850-.95z',
  snapping:
    'M3.500 2.500v5a4.500 4.500 0 0 0 9 0v-5h-3v5a1.500 1.500 0 0 1-3 0v-5zM3.500 5h3M9.500 5h3',
  ripple: 'M1.800 4v8M5 4h4.200v8H5zM11.500 8h3M13 6.500 14.500 8 13 9.500',
  fit: 'M1.800 3v10M14.200 3v10M4 8h8M5.800 6 3.800 8l2 2M10.200 6l2 2-2 2',
  add: 'M8 3.500v9M3.500 8h9',
  submenu: 'M6 4l4 4-4 4',
  check: 'M3.500 8.500l3 3 6-7',
} as const;

export type TimelineIcon = keyof typeof PATHS;

export function timelineIcon(name: TimelineIcon): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}
