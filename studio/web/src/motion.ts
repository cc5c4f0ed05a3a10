/**
 * Motion as the server sends it, and its pose at any moment between frames.
 *
 * Metres, Y up, facing +Z; quaternions are wxyz and parent-local; frame `f` is at `f / fps` seconds.
 */

/** Half-open ranges of frames `[start, stop]`. */
export type Spans = ReadonlyArray<readonly [start: number, stop: number]>;

/** When each foot, heel or ball, is on the ground. */
export interface Contacts {
  readonly left: Spans;
  readonly right: Spans;
}

/** T frames of a J-joint skeleton. Parents come before their children; joint 0 is the root. */
export interface Motion {
  readonly fps: number;
  readonly frames: number;
  readonly joints: readonly string[];
  readonly parents: readonly number[];
  /** `[J * 3]` metres, each joint in its parent's frame. */
  readonly restOffsets: Float32Array;
  /** `[T * 3]` metres, world. */
  readonly rootPositions: Float32Array;
  /** `[T * J * 4]` wxyz. */
  readonly rotations: Float32Array;
  /** Null where the server has none, as for rigs without feet. */
  readonly contacts: Contacts | null;
  /** `[T]` what `contacts` was made of: bit `k` is set while joint `k` of {@link FEET} stands. */
  readonly feet?: Uint8Array | null;
}

/** The joints that stand on the ground, in the order of the bits of {@link Motion.feet}. */
export const FEET = ['left_ankle', 'left_foot', 'right_ankle', 'right_foot'] as const;

/** One moment of a motion: where the root is and how each joint is turned. */
export interface LocalPose {
  readonly root: Float32Array;
  readonly rotations: Float32Array;
}

/** What was received is not a motion; the message says what is wrong with it. */
export class MotionFormatError extends Error {
  override readonly name = 'MotionFormatError';
}

const MAGIC = 0x314d534d; // 'MSM1', little-endian
const PREFIX = 8;

/**
 * Reads the binary form: `MSM1`, uint32 header length, JSON header padded to a multiple of four,
 * then float32 root positions `[T, 3]` and rotations `[T, J, 4]`, all little-endian.
 *
 * The arrays are views of `buffer`. Throws {@link MotionFormatError}.
 */
export function parseMotion(buffer: ArrayBuffer): Motion {
  const view = new DataView(buffer);
  if (buffer.byteLength < PREFIX || view.getUint32(0, true) !== MAGIC) {
    throw new MotionFormatError('What was received is not a motion: it does not begin with MSM1.');
  }
  const start = PREFIX + view.getUint32(4, true);
  if (start > buffer.byteLength || start % 4 !== 0) {
    throw new MotionFormatError('The motion was cut off inside its header.');
  }
  const header = readHeader(new Uint8Array(buffer, PREFIX, start - PREFIX));
  const joints = header.joints.length;
  const wanted = 4 * header.frames * (3 + 4 * joints);
  if (buffer.byteLength - start !== wanted) {
    const got = buffer.byteLength - start;
    throw new MotionFormatError(
      `The motion holds ${got} bytes of frames where its header announces ${wanted}.`,
    );
  }
  const rootPositions = new Float32Array(buffer, start, header.frames * 3);
  const rotations = new Float32Array(
    buffer,
    start + header.frames * 12,
    header.frames * joints * 4,
  );
  if (!rootPositions.every(Number.isFinite) || !rotations.every(Number.isFinite)) {
    throw new MotionFormatError('The motion holds numbers that are not finite.');
  }
  return { ...header, rootPositions, rotations };
}

function readHeader(bytes: Uint8Array): Omit<Motion, 'rootPositions' | 'rotations'> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new MotionFormatError("The motion's header is not JSON.");
  }
  const {
    fps,
    frames,
    joints,
    parents,
    rest_offsets: rest,
    contacts,
  } = (json ?? {}) as Record<string, unknown>;
  if (typeof fps !== 'number' || !(fps > 0) || !Number.isFinite(fps)) {
    throw new MotionFormatError("The motion's header names no frame rate above zero.");
  }
  if (typeof frames !== 'number' || !Number.isInteger(frames) || frames < 1) {
    throw new MotionFormatError("The motion's header announces no frames.");
  }
  if (!isArrayOf(joints, (j) => typeof j === 'string') || joints.length === 0) {
    throw new MotionFormatError("The motion's header names no joints.");
  }
  if (!isArrayOf(parents, Number.isInteger) || !isTree(parents as number[], joints.length)) {
    throw new MotionFormatError("The motion's joints do not form a tree with its root first.");
  }
  const row = (r: unknown): boolean => isArrayOf(r, Number.isFinite) && r.length === 3;
  if (!isArrayOf(rest, row) || rest.length !== joints.length) {
    throw new MotionFormatError("The motion's header needs three rest offsets a joint.");
  }
  const feet = readFeet(contacts, frames);
  return {
    fps,
    frames,
    joints: joints as string[],
    parents: parents as number[],
    restOffsets: Float32Array.from((rest as number[][]).flat()),
    contacts: feet && contactsOf(feet),
    feet,
  };
}

function isArrayOf(value: unknown, test: (item: unknown) => boolean): value is unknown[] {
  return Array.isArray(value) && value.every(test);
}

function isTree(parents: readonly number[], joints: number): boolean {
  const ordered = parents.every((p, i) => (i === 0 ? p === -1 : p >= 0 && p < i));
  return ordered && parents.length === joints;
}

/**
 * Four strings of `0` and `1` a frame, in the order of {@link FEET}. Contacts are a courtesy of the
 * server; what does not fit is left out, never fatal.
 */
function readFeet(value: unknown, frames: number): Uint8Array | null {
  const fits = (row: unknown): boolean => typeof row === 'string' && row.length === frames;
  if (!isArrayOf(value, fits) || value.length !== FEET.length) return null;
  const feet = new Uint8Array(frames);
  (value as string[]).forEach((row, bit) => {
    for (let frame = 0; frame < frames; frame++) if (row[frame] === '1') feet[frame] |= 1 << bit;
  });
  return feet;
}

/** When each foot stands, be it on its heel or its ball, from the bits of {@link Motion.feet}. */
export function contactsOf(feet: Uint8Array): Contacts {
  return { left: spansOf(feet, 0b0011), right: spansOf(feet, 0b1100) };
}

function spansOf(feet: Uint8Array, mask: number): Spans {
  const out: Array<[number, number]> = [];
  for (let frame = 0; frame < feet.length; frame++) {
    if ((feet[frame] & mask) === 0) continue;
    const last = out.at(-1);
    if (last && last[1] === frame) last[1] = frame + 1;
    else out.push([frame, frame + 1]);
  }
  return out;
}

/** Seconds; each frame lasts `1 / fps`. */
export function seconds(motion: Motion): number {
  return motion.frames / motion.fps;
}

export function createPose(motion: Motion): LocalPose {
  return { root: new Float32Array(3), rotations: new Float32Array(motion.joints.length * 4) };
}

/**
 * Writes the pose at `frame`, which may lie between frames: root linear, rotations slerp along the
 * shorter way. Before the first frame and after the last, the end pose is held.
 */
export function samplePose(motion: Motion, frame: number, out: LocalPose): LocalPose {
  const at = Math.min(Math.max(frame, 0), motion.frames - 1);
  const before = Math.floor(at);
  const after = Math.min(before + 1, motion.frames - 1);
  const t = at - before;
  for (let k = 0; k < 3; k++) {
    const a = motion.rootPositions[before * 3 + k];
    out.root[k] = a + (motion.rootPositions[after * 3 + k] - a) * t;
  }
  const width = motion.joints.length * 4;
  for (let j = 0; j < width; j += 4) {
    slerpAt(motion.rotations, before * width + j, after * width + j, t, out.rotations, j);
  }
  return out;
}

/** Below this angle's sine, slerp's weights lose precision and the chord is as good as the arc. */
const NEARLY_PARALLEL = 1 - 1e-6;

/** Slerp (Shoemake 1985) of the quaternions at `a` and `b` of `from`, into `out` at `o`. */
export function slerpAt(
  from: ArrayLike<number>,
  a: number,
  b: number,
  t: number,
  out: { [index: number]: number },
  o: number,
): void {
  const dot =
    from[a] * from[b] +
    from[a + 1] * from[b + 1] +
    from[a + 2] * from[b + 2] +
    from[a + 3] * from[b + 3];
  const cosine = Math.abs(dot);
  let wa = 1 - t;
  let wb = t;
  if (cosine < NEARLY_PARALLEL) {
    const angle = Math.acos(cosine);
    const scale = 1 / Math.sin(angle);
    wa = Math.sin(wa * angle) * scale;
    wb = Math.sin(wb * angle) * scale;
  }
  if (dot < 0) wb = -wb;
  const w = wa * from[a] + wb * from[b];
  const x = wa * from[a + 1] + wb * from[b + 1];
  const y = wa * from[a + 2] + wb * from[b + 2];
  const z = wa * from[a + 3] + wb * from[b + 3];
  const norm = 1 / (Math.sqrt(w * w + x * x + y * y + z * z) || 1);
  out[o] = w * norm;
  out[o + 1] = x * norm;
  out[o + 2] = y * norm;
  out[o + 3] = z * norm;
}
