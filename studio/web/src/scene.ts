/** The stage: renderer, lights, floor, and the figures that stand on it. */

import {
  Color,
  DirectionalLight,
  Group,
  LightProbe,
  type OrthographicCamera,
  AgXToneMapping,
  PCFShadowMap,
  PerspectiveCamera,
  Scene,
  Vector3,
  WebGLRenderer,
} from 'three';

import { Ground } from './ground';
import type { StageColors } from './theme';

const MAX_PIXEL_RATIO = 2;
/** Metres around the action that the key light's shadow covers: at least, at most, and in steps of. */
const SHADOW_REACH = { least: 2.6, most: 12, step: 0.8 };

/** Direction towards each light, seen from a figure that faces +Z, and its strength. */
const KEY = { from: new Vector3(-1.5, 3.2, 2.4), intensity: 3.4, color: '#fff3e4' };
const FILL = { from: new Vector3(2.8, 1.2, 1.6), intensity: 0.6, color: '#dfe9ff' };
const RIM = { from: new Vector3(1.2, 2.4, -3.0), intensity: 2.6, color: '#eaf1ff' };

export class Stage {
  readonly scene = new Scene();
  readonly camera = new PerspectiveCamera(32, 1, 0.05, 400);
  readonly figures = new Group();
  readonly ground = new Ground();
  readonly renderer: WebGLRenderer;
  readonly #rig = new Group();
  readonly #key: DirectionalLight;
  readonly #ambient = softbox();
  #scale = 1;
  #reach = SHADOW_REACH.least;

  /** Throws if the browser gives no WebGL 2. */
  constructor(readonly canvas: HTMLCanvasElement) {
    this.renderer = new WebGLRenderer({
      canvas,
      antialias: true,
      stencil: true,
      powerPreference: 'high-performance',
    });
    this.renderer.toneMapping = AgXToneMapping;
    this.renderer.toneMappingExposure = 1.12;
    this.renderer.shadowMap.enabled = true;
    this.renderer.shadowMap.type = PCFShadowMap;
    this.#key = light(KEY);
    castShadow(this.#key);
    this.#rig.add(this.#key, this.#key.target);
    for (const spec of [FILL, RIM]) {
      const other = light(spec);
      this.#rig.add(other, other.target);
    }
    this.scene.add(this.ground.object, this.figures, this.#rig, this.#ambient);
  }

  setColors(colors: StageColors): void {
    this.ground.setColors(colors);
    // A bright room gives back more of its light.
    const { r, g, b } = colors.horizon;
    this.#ambient.intensity = 1 + (0.2126 * r + 0.7152 * g + 0.0722 * b);
    this.renderer.setClearColor(colors.sky);
  }

  /** Turns the lights so that a figure that faces `heading` is lit from its front. */
  lightFrom(heading: number): void {
    this.#rig.rotation.y = heading;
  }

  resize(width: number, height: number): void {
    const ratio = Math.min(window.devicePixelRatio || 1, MAX_PIXEL_RATIO) * this.#scale;
    this.renderer.setPixelRatio(ratio);
    this.renderer.setSize(width, height, false);
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
  }

  /** Share of the full resolution, for machines that cannot keep up while playing. */
  set resolution(scale: number) {
    if (scale === this.#scale) return;
    this.#scale = scale;
    const ratio = Math.min(window.devicePixelRatio || 1, MAX_PIXEL_RATIO) * scale;
    this.renderer.setPixelRatio(ratio);
  }

  get resolution(): number {
    return this.#scale;
  }

  /** Draws the stage with floor, light and shadow centred on (x, z), the shadow `reach` metres far. */
  render(x: number, z: number, reach: number): void {
    this.#cover(reach);
    // In whole shadow texels, or the shadow's edge would crawl as the light follows the figure.
    const texel = (2 * this.#reach) / this.#key.shadow.mapSize.x;
    this.#rig.position.set(Math.round(x / texel) * texel, 0, Math.round(z / texel) * texel);
    this.ground.update(this.camera, x, z);
    this.renderer.render(this.scene, this.camera);
  }

  /** In steps, and back later than forth: each change of the shadow's grain can be seen. */
  #cover(reach: number): void {
    const { least, most, step } = SHADOW_REACH;
    const wanted = Math.min(least + Math.ceil(Math.max(0, reach - least) / step) * step, most);
    if (wanted === this.#reach || (wanted < this.#reach && wanted > this.#reach - 2 * step)) return;
    this.#reach = wanted;
    const { camera } = this.#key.shadow;
    setReach(camera, wanted);
    camera.updateProjectionMatrix();
  }

  dispose(): void {
    this.ground.dispose();
    this.#key.shadow.dispose();
    this.renderer.dispose();
    this.renderer.forceContextLoss();
  }
}

function light(spec: { from: Vector3; intensity: number; color: string }): DirectionalLight {
  const out = new DirectionalLight(spec.color, spec.intensity);
  out.position.copy(spec.from).setLength(8);
  out.target.position.set(0, 0.8, 0);
  out.position.add(out.target.position);
  return out;
}

function castShadow(key: DirectionalLight): void {
  key.castShadow = true;
  key.shadow.mapSize.set(1024, 1024);
  key.shadow.radius = 3.5;
  key.shadow.bias = -0.0004;
  key.shadow.normalBias = 0.02;
  const { camera } = key.shadow;
  setReach(camera, SHADOW_REACH.least);
}

/** The light stands aslant: a wider square of ground is also a deeper one. */
function setReach(camera: OrthographicCamera, reach: number): void {
  camera.left = camera.bottom = -reach;
  camera.right = camera.top = reach;
  camera.near = Math.min(1, 6 - reach);
  camera.far = 13.4 + reach;
}

/**
 * A studio's ambient light as spherical harmonics: bright overhead and behind the camera, a floor
 * that gives a little back. Costs nothing to set up, unlike a filtered environment map.
 */
function softbox(): LightProbe {
  const probe = new LightProbe(undefined, 1);
  const c = probe.sh.coefficients;
  const top = new Color('#cdd3dd');
  const floor = new Color('#3a3734');
  const put = (band: number, color: Color, factor: number): void => {
    c[band].set(color.r, color.g, color.b).multiplyScalar(factor);
  };
  const mean = top.clone().lerp(floor, 0.5);
  const slope = new Color(top.r - floor.r, top.g - floor.g, top.b - floor.b);
  put(0, mean, 0.95);
  put(1, slope, 0.5);
  put(2, mean, 0.1);
  return probe;
}
