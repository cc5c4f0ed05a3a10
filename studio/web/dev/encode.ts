/** Writes the binary form that `src/motion.ts` reads. */

export interface Frames {
  readonly fps: number;
  readonly joints: readonly string[];
  readonly parents: readonly number[];
  readonly restOffsets: readonly (readonly number[])[];
  /** `[T][3]` metres. */
  readonly rootPositions: readonly (readonly number[])[];
  /** `[T][J][4]` wxyz, parent-local. */
  readonly rotations: readonly (readonly (readonly number[])[])[];
  /** Left ankle, left foot, right ankle, right foot: `0` or `1` a frame. */
  readonly contacts?: readonly string[];
}

export function encodeMotion(motion: Frames, header: Record<string, unknown> = {}): ArrayBuffer {
  const json = JSON.stringify({
    fps: motion.fps,
    frames: motion.rootPositions.length,
    joints: motion.joints,
    parents: motion.parents,
    rest_offsets: motion.restOffsets,
    ...(motion.contacts ? { contacts: motion.contacts } : {}),
    ...header,
  });
  const text = new TextEncoder().encode(json);
  const length = Math.ceil(text.length / 4) * 4;
  const data = [...motion.rootPositions.flat(), ...motion.rotations.flat(2)];
  const buffer = new ArrayBuffer(8 + length + data.length * 4);
  const view = new DataView(buffer);
  new Uint8Array(buffer).set([0x4d, 0x53, 0x4d, 0x31]);
  view.setUint32(4, length, true);
  new Uint8Array(buffer, 8, length).fill(0x20).set(text);
  data.forEach((value, i) => view.setFloat32(8 + length + i * 4, value, true));
  return buffer;
}
