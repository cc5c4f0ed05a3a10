// @vitest-environment happy-dom
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import {
  Color,
  Mesh,
  SkinnedMesh,
  Vector3,
  type DataTexture,
  type InstancedBufferGeometry,
  type Object3D,
  type ShaderMaterial,
} from 'three';
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';
import { beforeAll, describe, expect, it } from 'vitest';

import type { Body } from '../src/body';
import { CapsuleBody } from '../src/capsules';
import { ECHO, Echoes, type EchoLook } from '../src/echoes';
import { createWorldPose, forwardKinematics } from '../src/kinematics';
import { createPose, samplePose, type Motion } from '../src/motion';
import { SkinnedBody } from '../src/skinned';
import { stroll } from './clips';

type Layer = Mesh<InstancedBufferGeometry, ShaderMaterial>;

const MANNEQUIN = resolve(import.meta.dirname, '../../../assets/characters/mannequin.glb');
const LOOK: EchoLook = { color: new Color(1, 0, 0), opacity: 0.5, style: ECHO.glass };

let mannequin: Object3D;
beforeAll(async () => {
  const bytes = readFileSync(MANNEQUIN);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  mannequin = (await new GLTFLoader().parseAsync(buffer as ArrayBuffer, '')).scene;
});

function pose(body: Body, motion: Motion, frame: number): void {
  const local = samplePose(motion, frame, createPose(motion));
  body.pose(local, forwardKinematics(motion, local, createWorldPose(motion)));
  body.object.updateMatrixWorld(true);
}

/** A vertex of one copy as the shader places it, from the texture of matrices. */
function placed({ geometry, material }: Layer, instance: number, vertex: number): Vector3 {
  const texture = material.uniforms['uBones'].value as DataTexture;
  const { data, width } = texture.image as { data: Float32Array; width: number };
  const row = geometry.getAttribute('row').getX(instance);
  const rest = new Vector3().fromBufferAttribute(geometry.getAttribute('position'), vertex);
  const out = [0, 0, 0];
  for (let k = 0; k < 4; k++) {
    const bone = geometry.getAttribute('skinIndex').getComponent(vertex, k);
    const weight = geometry.getAttribute('skinWeight').getComponent(vertex, k);
    for (let r = 0; r < 3; r++) {
      const at = (row * width + bone * 3 + r) * 4;
      const [a, b, c, d] = data.subarray(at, at + 4);
      out[r] += weight * (a * rest.x + b * rest.y + c * rest.z + d);
    }
  }
  return new Vector3(...out);
}

const close = (a: Vector3, b: Vector3): void => {
  expect(a.distanceTo(b)).toBeLessThan(1e-4);
};

describe('Echoes', () => {
  it('pose a character as three does', () => {
    const motion = stroll();
    const echoes = new Echoes(new SkinnedBody(mannequin, motion), motion);
    echoes.begin();
    for (const frame of [10, 33.5]) echoes.add(motion, frame, 0.4, -1, LOOK);
    echoes.end();
    const [layer] = echoes.object.children as Layer[];
    expect(layer.geometry.instanceCount).toBe(2);
    [10, 33.5].forEach((frame, instance) => {
      const real = new SkinnedBody(mannequin, motion);
      pose(real, motion, frame);
      let mesh: SkinnedMesh | null = null;
      real.object.traverse((node) => (mesh = node instanceof SkinnedMesh ? node : mesh));
      for (let vertex = 0; vertex < 4000; vertex += 97) {
        const wanted = mesh!.getVertexPosition(vertex, new Vector3());
        wanted.applyMatrix4((mesh! as SkinnedMesh).matrixWorld).add(new Vector3(0.4, 0, -1));
        close(placed(layer, instance, vertex), wanted);
      }
    });
  });

  it('pose a plain figure, all of its parts at once', () => {
    const motion = stroll();
    const echoes = new Echoes(new CapsuleBody(motion), motion);
    echoes.begin();
    echoes.add(motion, 20, 0, 0, LOOK);
    echoes.end();
    expect(new Set((echoes.object.children as Layer[]).map((l) => l.geometry)).size).toBe(1);
    const [layer] = echoes.object.children as Layer[];
    const real = new CapsuleBody(motion);
    pose(real, motion, 20);
    let vertex = 0;
    for (const part of real.object.children as Mesh[]) {
      const { count } = part.geometry.getAttribute('position');
      const rest = new Vector3().fromBufferAttribute(part.geometry.getAttribute('position'), 5);
      close(placed(layer, 0, vertex + 5), rest.applyMatrix4(part.matrixWorld));
      vertex += count;
    }
  });

  it('keep what is still shown, and pose only what is new', () => {
    const motion = stroll();
    const body = new CapsuleBody(motion);
    let posed = 0;
    const counting: Body = {
      object: body.object,
      pose: (local, world) => {
        posed++;
        body.pose(local, world);
      },
      tint: () => undefined,
      dispose: () => body.dispose(),
    };
    const echoes = new Echoes(counting, motion);
    const show = (frames: number[]): number => {
      posed = 0;
      echoes.begin();
      for (const frame of frames) echoes.add(motion, frame, 0, 0, LOOK);
      echoes.end();
      return posed;
    };
    expect(show([0, 10, 20])).toBe(3);
    expect(show([0, 10, 20])).toBe(0);
    expect(show([10, 20, 30])).toBe(1);
    expect(show([])).toBe(0);
    expect(echoes.object.visible).toBe(false);
    expect(show(Array.from({ length: 30 }, (_, i) => i * 2))).toBe(27);
    const [layer] = echoes.object.children as Layer[];
    expect(layer.geometry.instanceCount).toBe(30);
    const rows = Array.from({ length: 30 }, (_, i) => layer.geometry.getAttribute('row').getX(i));
    expect(new Set(rows).size).toBe(30);
  });

  it('show the look of each copy', () => {
    const motion = stroll();
    const echoes = new Echoes(new CapsuleBody(motion), motion);
    echoes.begin();
    echoes.add(motion, 1, 0, 0, LOOK);
    echoes.add(motion, 2, 0, 0, { color: new Color(0, 0, 1), opacity: 1, style: ECHO.solid });
    echoes.end();
    const { geometry } = echoes.object.children[0] as Layer;
    const tint = geometry.getAttribute('tint');
    const seen = [0, 1].map((i) => [
      tint.getX(i),
      tint.getZ(i),
      tint.getW(i),
      geometry.getAttribute('style').getX(i),
    ]);
    expect(seen).toEqual([
      [1, 0, 0.5, 0],
      [0, 1, 1, 2],
    ]);
  });
});
