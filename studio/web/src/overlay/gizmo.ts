/** The world's axes as the camera sees them, at the bottom left; a click looks along one. */

import { Quaternion, Vector3, type Camera } from 'three';

import { keysOf, type Command } from '../shortcuts';
import { el } from './dom';

const SIZE = 64;
const REACH = 22;
const BALL = 7;

interface Axis {
  readonly name: string;
  readonly along: Vector3;
  readonly command: Command;
  readonly title: string;
}

const AXES: readonly Axis[] = [
  { name: 'X', along: new Vector3(1, 0, 0), command: 'viewSide', title: 'From the side' },
  { name: 'Y', along: new Vector3(0, 1, 0), command: 'viewTop', title: 'From above' },
  { name: 'Z', along: new Vector3(0, 0, 1), command: 'viewFront', title: 'From the front' },
];

interface Arm {
  readonly axis: Axis;
  readonly group: SVGGElement;
  readonly line: SVGLineElement;
  readonly ball: SVGGElement;
}

export class Gizmo {
  readonly element = el('div', { class: 'gizmo' });
  readonly #arms: Arm[];
  readonly #seen = new Vector3();
  readonly #shown = new Quaternion(0, 0, 0, 0);

  constructor(run: (command: Command) => void) {
    const drawing = svg('svg', { viewBox: `${-SIZE / 2} ${-SIZE / 2} ${SIZE} ${SIZE}` });
    this.#arms = AXES.map((axis) => makeArm(axis, run));
    drawing.append(...this.#arms.map((arm) => arm.group));
    this.element.append(drawing);
  }

  update(camera: Camera): void {
    if (this.#shown.angleTo(camera.quaternion) < 0.002) return;
    this.#shown.copy(camera.quaternion);
    const inverse = camera.quaternion.clone().invert();
    const depths = this.#arms.map(({ axis, group, line, ball }) => {
      const { x: right, y: up, z: near } = this.#seen.copy(axis.along).applyQuaternion(inverse);
      line.setAttribute('x2', (right * (REACH - BALL)).toFixed(2));
      line.setAttribute('y2', (-up * (REACH - BALL)).toFixed(2));
      ball.setAttribute(
        'transform',
        `translate(${(right * REACH).toFixed(2)} ${(-up * REACH).toFixed(2)})`,
      );
      group.style.opacity = (0.72 + 0.28 * near).toFixed(2);
      return { group, near };
    });
    // What points at the viewer covers what points away.
    for (const { group } of depths.sort((a, b) => a.near - b.near)) group.parentNode?.append(group);
  }
}

function makeArm(axis: Axis, run: (command: Command) => void): Arm {
  const line = svg('line', { x1: '0', y1: '0' });
  const letter = svg('text', { y: '0.5' });
  letter.textContent = axis.name;
  const title = svg('title', {});
  title.textContent = `${axis.title}  (${keysOf(axis.command)})`;
  const ball = svg('g', { class: 'ball' });
  ball.append(svg('circle', { r: String(BALL) }), letter, title);
  ball.addEventListener('click', () => run(axis.command));
  const group = svg('g', { class: `axis ${axis.name.toLowerCase()}` });
  group.append(line, ball);
  return { axis, group, line, ball };
}

function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Record<string, string>,
): SVGElementTagNameMap[K] {
  const out = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) out.setAttribute(name, value);
  return out;
}
