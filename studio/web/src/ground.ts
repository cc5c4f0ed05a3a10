/** The floor: sky gradient, metre grid fading at the horizon, metre marks, fallen shadow. */

import {
  BufferGeometry,
  CanvasTexture,
  Color,
  DoubleSide,
  Float32BufferAttribute,
  Group,
  LinearFilter,
  LinearMipmapLinearFilter,
  Mesh,
  PlaneGeometry,
  ShaderMaterial,
  ShadowMaterial,
  Vector2,
  type PerspectiveCamera,
} from 'three';

import type { StageColors } from './theme';

/** Metres within which the grid is drawn; beyond, floor and horizon are one colour. */
const FAR = 120;
const SHADOWED = 28;
const MARKED = 10;

/** Breaks up the bands that dark gradients show at eight bits. */
const DITHER = /* glsl */ `
  vec3 dither(vec3 color) {
    float n = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
    return color + (n - 0.5) / 255.0;
  }`;

const SKY_VERTEX = /* glsl */ `
  varying vec3 vDirection;
  void main() {
    vec4 view = inverse(projectionMatrix) * vec4(position.xy, 1.0, 1.0);
    vDirection = (inverse(viewMatrix) * vec4(view.xyz / view.w, 0.0)).xyz;
    gl_Position = vec4(position.xy, 1.0, 1.0);
  }`;

const SKY_FRAGMENT = /* glsl */ `
  uniform vec3 uSky;
  uniform vec3 uHorizon;
  varying vec3 vDirection;
  ${DITHER}
  void main() {
    float up = abs(normalize(vDirection).y);
    gl_FragColor = vec4(mix(uHorizon, uSky, smoothstep(0.0, 0.55, up)), 1.0);
    #include <colorspace_fragment>
    gl_FragColor.rgb = dither(gl_FragColor.rgb);
  }`;

const FLOOR_VERTEX = /* glsl */ `
  varying vec3 vWorld;
  void main() {
    vec4 world = modelMatrix * vec4(position, 1.0);
    vWorld = world.xyz;
    gl_Position = projectionMatrix * viewMatrix * world;
  }`;

const FLOOR_FRAGMENT = /* glsl */ `
  uniform vec3 uFloor;
  uniform vec3 uHorizon;
  uniform vec3 uLine;
  uniform vec3 uStrong;
  uniform vec3 uAxisX;
  uniform vec3 uAxisZ;
  uniform vec2 uPool;
  uniform float uGrid;
  varying vec3 vWorld;
  ${DITHER}

  // Coverage of lines of a pixel width at multiples of step. Lines thinner than the pixel
  // footprint keep their energy instead of breaking into a moire, as in a box-filtered grid.
  vec2 lines(vec2 p, vec2 footprint, float step, float pixels) {
    vec2 q = p / step;
    vec2 w = footprint / step;
    vec2 away = 0.5 - abs(fract(q) - 0.5);
    vec2 cover = 1.0 - smoothstep(w * (pixels * 0.5 - 0.5), w * (pixels * 0.5 + 0.7), away);
    return cover * (1.0 - smoothstep(0.12, 0.42, w));
  }

  void main() {
    vec2 p = vWorld.xz;
    vec2 footprint = max(abs(dFdx(p)) + abs(dFdy(p)), vec2(1e-6));
    float away = distance(vWorld, cameraPosition);
    float pool = exp(-dot(p - uPool, p - uPool) / 22.0);
    vec3 floorColor = mix(uFloor, uHorizon, 0.55 * pool);
    vec3 color = mix(floorColor, uHorizon, smoothstep(6.0, 46.0, away));

    float near = 1.0 - smoothstep(2.5, 7.0, away);
    vec2 fine = lines(p, footprint, 0.1, 1.0) * 0.16 * near;
    vec2 metre = lines(p, footprint, 1.0, 1.2) * 0.62;
    vec2 five = lines(p, footprint, 5.0, 1.5) * 0.9;
    vec2 axis = 0.85 - 0.85 * smoothstep(footprint * 0.35, footprint * 1.15, abs(p));
    float fade = uGrid * (1.0 - smoothstep(7.0, 34.0, away));
    color = mix(color, uLine, max(max(fine.x, fine.y), max(metre.x, metre.y)) * fade);
    color = mix(color, uStrong, max(five.x, five.y) * fade);
    color = mix(color, uAxisX, axis.y * fade);
    color = mix(color, uAxisZ, axis.x * fade);

    gl_FragColor = vec4(color, gl_FrontFacing ? 1.0 : 0.25);
    #include <colorspace_fragment>
    gl_FragColor.rgb = dither(gl_FragColor.rgb);
  }`;

const MARK_VERTEX = /* glsl */ `
  varying vec2 vUv;
  varying float vAway;
  void main() {
    vec4 world = modelMatrix * vec4(position, 1.0);
    vUv = uv;
    vAway = distance(world.xyz, cameraPosition);
    gl_Position = projectionMatrix * viewMatrix * world;
  }`;

const MARK_FRAGMENT = /* glsl */ `
  uniform sampler2D uAtlas;
  uniform vec3 uMark;
  varying vec2 vUv;
  varying float vAway;
  void main() {
    float fade = 1.0 - smoothstep(5.0, 13.0, vAway);
    gl_FragColor = vec4(uMark, texture2D(uAtlas, vUv).a * fade * 0.85);
    #include <colorspace_fragment>
  }`;

export class Ground {
  readonly object = new Group();
  readonly #sky: Mesh<BufferGeometry, ShaderMaterial>;
  readonly #floor: Mesh<PlaneGeometry, ShaderMaterial>;
  readonly #marks: Mesh<BufferGeometry, ShaderMaterial>;
  readonly #shadow: Mesh<PlaneGeometry, ShadowMaterial>;
  readonly #atlas = markAtlas();

  constructor() {
    this.#sky = new Mesh(fullScreen(), shader(SKY_VERTEX, SKY_FRAGMENT, ['uSky', 'uHorizon']));
    this.#sky.material.depthTest = false;
    this.#sky.frustumCulled = false;
    this.#sky.renderOrder = -10;

    const flat = new PlaneGeometry(2 * FAR, 2 * FAR).rotateX(-Math.PI / 2);
    const names = ['uFloor', 'uHorizon', 'uLine', 'uStrong', 'uAxisX', 'uAxisZ'];
    this.#floor = new Mesh(flat, shader(FLOOR_VERTEX, FLOOR_FRAGMENT, names));
    this.#floor.material.uniforms['uPool'] = { value: new Vector2() };
    this.#floor.material.uniforms['uGrid'] = { value: 1 };
    this.#floor.material.side = DoubleSide;
    this.#floor.material.transparent = true;
    this.#floor.material.depthWrite = false;
    this.#floor.frustumCulled = false;
    this.#floor.renderOrder = -5;

    this.#shadow = new Mesh(
      new PlaneGeometry(SHADOWED, SHADOWED).rotateX(-Math.PI / 2),
      new ShadowMaterial({ opacity: 0.34, depthWrite: false, toneMapped: false }),
    );
    this.#shadow.receiveShadow = true;
    this.#shadow.renderOrder = -4;

    this.#marks = new Mesh(markGeometry(), shader(MARK_VERTEX, MARK_FRAGMENT, ['uMark']));
    this.#marks.material.uniforms['uAtlas'] = { value: this.#atlas };
    this.#marks.material.transparent = true;
    this.#marks.material.depthWrite = false;
    this.#marks.renderOrder = -3;
    this.object.add(this.#sky, this.#floor, this.#shadow, this.#marks);
  }

  setColors(colors: StageColors): void {
    const set = (mesh: Mesh<BufferGeometry, ShaderMaterial>, name: string, color: Color): void => {
      mesh.material.uniforms[name].value.copy(color);
    };
    set(this.#sky, 'uSky', colors.sky);
    set(this.#sky, 'uHorizon', colors.horizon);
    set(this.#floor, 'uFloor', colors.floor);
    set(this.#floor, 'uHorizon', colors.horizon);
    set(this.#floor, 'uLine', colors.line);
    set(this.#floor, 'uStrong', colors.lineStrong);
    set(this.#floor, 'uAxisX', colors.axisX);
    set(this.#floor, 'uAxisZ', colors.axisZ);
    set(this.#marks, 'uMark', colors.mark);
    // The same shadow looks blacker on a bright floor.
    this.#shadow.material.opacity = 0.36 - 0.16 * colors.floor.g;
  }

  showGrid(on: boolean): void {
    this.#floor.material.uniforms['uGrid'].value = on ? 1 : 0;
    this.#marks.visible = on;
  }

  /** Keeps the floor under the camera, and its pool of light and shadow under the action. */
  update(camera: PerspectiveCamera, x: number, z: number): void {
    this.#floor.position.set(camera.position.x, 0, camera.position.z);
    this.#floor.material.uniforms['uPool'].value.set(x, z);
    this.#shadow.position.set(x, 0.0005, z);
    this.#shadow.visible = camera.position.y > 0;
  }

  dispose(): void {
    for (const mesh of [this.#sky, this.#floor, this.#shadow, this.#marks]) {
      mesh.geometry.dispose();
      mesh.material.dispose();
    }
    this.#atlas.dispose();
  }
}

function shader(vertexShader: string, fragmentShader: string, colors: string[]): ShaderMaterial {
  const uniforms = Object.fromEntries(colors.map((name) => [name, { value: new Color() }]));
  return new ShaderMaterial({
    vertexShader,
    fragmentShader,
    uniforms,
    toneMapped: false,
    depthWrite: false,
  });
}

/** One triangle that covers the screen. */
function fullScreen(): BufferGeometry {
  const corners = [-1, -1, 0, 3, -1, 0, -1, 3, 0];
  return new BufferGeometry().setAttribute('position', new Float32BufferAttribute(corners, 3));
}

const CELL = 64;

/** The figures 1 to 10 in a row. */
function markAtlas(): CanvasTexture {
  const canvas = document.createElement('canvas');
  canvas.width = CELL * MARKED;
  canvas.height = CELL;
  const pen = canvas.getContext('2d');
  if (pen) {
    pen.font = `500 ${CELL * 0.62}px system-ui, sans-serif`;
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    pen.fillStyle = '#fff';
    for (let i = 0; i < MARKED; i++) {
      pen.fillText(i === 0 ? '1m' : String(i + 1), (i + 0.5) * CELL, CELL * 0.53, CELL);
    }
  }
  const texture = new CanvasTexture(canvas);
  texture.minFilter = LinearMipmapLinearFilter;
  texture.magFilter = LinearFilter;
  texture.anisotropy = 8;
  return texture;
}

/** Flat labels beside every whole metre of both axes, readable from the front. */
function markGeometry(): BufferGeometry {
  const size = 0.15;
  const positions: number[] = [];
  const uvs: number[] = [];
  const label = (x: number, z: number, metre: number): void => {
    const [u0, u1] = [(metre - 1) / MARKED, metre / MARKED];
    const [l, r, n, f] = [x - size / 2, x + size / 2, z + size / 2, z - size / 2];
    positions.push(l, 0, n, r, 0, n, r, 0, f, l, 0, n, r, 0, f, l, 0, f);
    uvs.push(u0, 0, u1, 0, u1, 1, u0, 0, u1, 1, u0, 1);
  };
  for (let metre = 1; metre <= MARKED; metre++) {
    for (const sign of [-1, 1]) {
      label(sign * metre + 0.1, 0.1, metre);
      label(0.1, sign * metre + 0.1, metre);
    }
  }
  return new BufferGeometry()
    .setAttribute('position', new Float32BufferAttribute(positions, 3))
    .setAttribute('uv', new Float32BufferAttribute(uvs, 2));
}
