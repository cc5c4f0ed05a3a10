/**
 * From a project to one motion per character, as docs/adr/0010 says; `studio/document/evaluate.py`
 * is the reference.
 *
 * Nothing depends on where a piece lies on the timeline but the place where it stands, so whatever
 * is worked out is kept by its content: played media, how two pieces meet, blends. After an edit
 * only what is new is worked out; the rest is copied and placed, and a character to whom nothing
 * happened keeps the very same motion.
 */

import type { Motion } from '../motion';
import { blended, type Leaving } from './blending';
import {
  compose,
  following,
  inverse,
  offset,
  pinning,
  samePlace,
  standing,
  type Place,
} from './ground';
import type { Poses } from './inertialize';
import { goesOnIn, lastOf, pieces, timelineStop, type Piece, type Playing } from './layout';
import { bodyMotion, play, restFrames, type Frames, type Played } from './played';
import { Recent } from './recent';
import { WIDTH } from './skeleton';
import type { Character, CharacterId, Clip, Media, Placement, Project } from './types';
import type { ClipMotion } from './view';

/** Where played motion comes from. */
export interface MediaSource {
  /** Media on the canonical body at its own rate, or undefined while it is not here. */
  get(media: Media, mirror: boolean): Motion | undefined;
}

/** A piece and where it stands: all that its frames are made of. */
interface Standing {
  readonly piece: Pick<Piece, 'start' | 'count' | 'first' | 'held'>;
  readonly played: Played;
  /** From played coordinates to the world. */
  readonly place: Place;
  /** Its blended beginning, in played coordinates. */
  readonly head: Poses | null;
}

interface Baked {
  readonly row: readonly Standing[];
  readonly motion: Motion;
}

/** Bytes that are kept of sampled media and of blends, and how many links. */
const PLAYED_BYTES = 256 * 2 ** 20;
const HEAD_BYTES = 64 * 2 ** 20;
const LINKS = 8192;
/** Evaluated versions of each character: as it is, as it is dragged, and with a ghost. */
const VERSIONS = 3;

const REST: Played = {
  id: -1,
  motion: bodyMotion(1, 1, restFrames(1), null),
  feet: new Uint8Array(1),
};

export class Evaluator {
  readonly #media: MediaSource;
  readonly #played = new Recent<Played>(PLAYED_BYTES);
  readonly #links = new Recent<Place>(LINKS);
  readonly #heads = new Recent<Poses>(HEAD_BYTES);
  readonly #baked = new Map<CharacterId, Baked[]>();
  /** Numbers media, so that one that was replaced under its id is another. */
  readonly #numbers = new WeakMap<Motion, number>();
  #numbered = 0;

  constructor(media: MediaSource) {
    this.#media = media;
  }

  /**
   * What a character does from frame 0 to the end of the timeline, at the project's rate; null
   * while media that it plays is not here, and for a character that is not in the project. The
   * same object as before if nothing has changed.
   */
  motion(project: Project, character: CharacterId): Motion | null {
    const who = project.characters.find((each) => each.id === character);
    const row = who && this.#row(project, who);
    if (!row) return null;
    const kept = this.#baked.get(character) ?? [];
    this.#baked.set(character, kept);
    const same = kept.findIndex((baked) => isMotionOf(baked, row, project.fps));
    const baked =
      same >= 0 ? kept.splice(same, 1)[0] : { row, motion: assembled(row, project.fps) };
    kept.unshift(baked);
    kept.length = Math.min(kept.length, VERSIONS);
    return baked.motion;
  }

  /**
   * The placement that pins a clip to where it stands now; null where it does not play, or its
   * media is not here.
   */
  pinned(project: Project, clip: Clip): Placement | null {
    const track = project.timeline.tracks.find(({ clips }) => clips.includes(clip));
    const who = project.characters.find(({ id }) => id === track?.character);
    const row = who && this.#row(project, who);
    if (!row) return null;
    const all = pieces(project, who.id);
    const own = all.findIndex((piece) => piece.clip.id === clip.id);
    // Where it goes on from the clip before, the two are one piece of the same played media.
    const i = own >= 0 ? own : all.findIndex((piece) => goesOnIn(piece, clip));
    return i < 0 ? null : pinning(row[i].played, clip.source.start + clip.phase, row[i].place);
  }

  /** The whole of what a clip plays, at `fps` and unplaced; null while its media is not here. */
  played(clip: Clip, fps: number): ClipMotion | null {
    const played = this.#play(clip, fps);
    return played && { key: String(played.id), motion: played.motion };
  }

  #row(project: Project, who: Character): Standing[] | null {
    const row: Standing[] = [];
    for (const piece of pieces(project, who.id)) {
      const played = this.#play(piece.clip, project.fps);
      if (!played) return null;
      row.push(this.#stand(who, row.at(-1), piece, played));
    }
    return row.length > 0 ? row : [resting(project, who)];
  }

  #stand(who: Character, before: Standing | undefined, piece: Piece, played: Played): Standing {
    if (!before) return { piece, played, place: beginning(who, piece, played), head: null };
    if (piece.stays) return { piece, played, place: before.place, head: null };
    const leaving = { played: before.played, last: lastOf(before.piece), held: before.piece.held };
    if (piece.pinned) {
      const place = pinnedPlace(piece, played);
      const link = compose(inverse(before.place), place);
      return { piece, played, place, head: this.#head(leaving, link, played, piece) };
    }
    const follow = this.#follow(leaving, played, piece.first);
    const link = piece.begins ? moved(follow, piece, played) : follow;
    const place = compose(before.place, link);
    return { piece, played, place, head: this.#head(leaving, link, played, piece) };
  }

  /** How a piece follows on, without its placement. */
  #follow(before: Leaving, played: Played, frame: number): Place {
    const { played: old, last, held } = before;
    return this.#links.get(
      `${old.id} ${last} ${held} ${played.id} ${frame}`,
      () => following(old, last, held, played, frame),
      () => 1,
    );
  }

  /** The blended beginning of a piece that stands at `link` from the one before, if it has one. */
  #head(before: Leaving, link: Place, played: Played, { clip, first, blend }: Piece): Poses | null {
    const { kind, curve } = clip.blend;
    if (blend === 0 || kind === 'cut') return null;
    const from = `${before.played.id} ${before.last} ${before.held}`;
    const how = `${link.turn} ${link.x} ${link.z} ${kind} ${blend} ${curve}`;
    return this.#heads.get(
      `${from} ${how} ${played.id} ${first}`,
      () => blended(before, inverse(link), played, first, { kind, frames: blend, curve }),
      ({ root, rotations }) => root.byteLength + rotations.byteLength,
    );
  }

  #play(how: Playing, fps: number): Played | null {
    const media = this.#media.get(how.media, how.mirror);
    if (!media) return null;
    const number = this.#numbers.get(media) ?? this.#numbered++;
    this.#numbers.set(media, number);
    return this.#played.get(
      `${number} ${how.speed} ${how.reverse} ${how.in_place} ${fps}`,
      () => play(media, how, fps),
      ({ motion }) => motion.rootPositions.byteLength + motion.rotations.byteLength,
    );
  }
}

/** Where the first piece of a character stands. */
function beginning(who: Character, piece: Piece, played: Played): Place {
  if (piece.pinned) return pinnedPlace(piece, played);
  const place = standing(played, piece.first, who.placement);
  return piece.begins ? moved(place, piece, played) : place;
}

/** Where a pinned clip stands, wherever in its first cycle a piece of it begins. */
function pinnedPlace({ clip }: Piece, played: Played): Place {
  return standing(played, clip.source.start + clip.phase, clip.placement);
}

/** With the placement of the piece's clip added. */
function moved(place: Place, { clip, first }: Piece, played: Played): Place {
  return compose(place, offset(played, first, clip.placement));
}

/** Somebody without a clip. */
function resting(project: Project, who: Character): Standing {
  const { turn, x, z } = who.placement;
  const count = Math.max(timelineStop(project), 1);
  const piece = { start: 0, count, first: 0, held: true };
  return { piece, played: REST, place: { turn, x, z }, head: null };
}

function isMotionOf(baked: Baked, row: readonly Standing[], fps: number): boolean {
  return (
    baked.motion.fps === fps &&
    baked.row.length === row.length &&
    row.every((standing, i) => isSame(standing, baked.row[i]))
  );
}

function isSame(a: Standing, b: Standing): boolean {
  return (
    a.played === b.played &&
    a.head === b.head &&
    a.piece.start === b.piece.start &&
    a.piece.count === b.piece.count &&
    a.piece.first === b.piece.first &&
    a.piece.held === b.piece.held &&
    samePlace(a.place, b.place)
  );
}

/** The pieces one after another, each with its blended head, placed in the world. */
function assembled(row: readonly Standing[], fps: number): Motion {
  const end = row[row.length - 1].piece;
  const frames = end.start + end.count;
  const out = {
    root: new Float32Array(frames * 3),
    rotations: new Float32Array(frames * WIDTH),
    feet: new Uint8Array(frames),
  };
  for (const standing of row) {
    copy(standing, out);
    place(standing, out);
  }
  return bodyMotion(fps, frames, out, out.feet);
}

/** Writes a piece's frames, as they are played. */
function copy({ piece, played, head }: Standing, { root, rotations, feet }: Frames): void {
  const { start, count, first, held } = piece;
  const { rootPositions, rotations: turns } = played.motion;
  const shown = held ? 1 : count;
  root.set(rootPositions.subarray(first * 3, (first + shown) * 3), start * 3);
  rotations.set(turns.subarray(first * WIDTH, (first + shown) * WIDTH), start * WIDTH);
  feet.set(played.feet.subarray(first, first + shown), start);
  if (head) {
    // A blend may be longer than what the end of the timeline leaves of the piece.
    root.set(head.root.subarray(0, count * 3), start * 3);
    rotations.set(head.rotations.subarray(0, count * WIDTH), start * WIDTH);
  }
  if (!held) return;
  repeat(root, 3, start, count);
  repeat(rotations, WIDTH, start, count);
  repeat(feet, 1, start, count);
}

/** Writes frame `start`, `width` numbers of it, `count` times. */
function repeat(out: Float32Array | Uint8Array, width: number, start: number, count: number): void {
  // What is there already is copied behind itself, twice as much each time.
  for (let done = 1; done < count; done *= 2) {
    const more = Math.min(done, count - done);
    out.copyWithin((start + done) * width, start * width, (start + more) * width);
  }
}

/** Takes a piece's frames from played coordinates to the world. */
function place({ piece, place: { turn, x, z } }: Standing, { root, rotations }: Frames): void {
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  const [w, y] = [Math.cos(turn / 2), Math.sin(turn / 2)];
  for (let f = piece.start; f < piece.start + piece.count; f++) {
    const [px, pz] = [root[f * 3], root[f * 3 + 2]];
    root[f * 3] = x + c * px + s * pz;
    root[f * 3 + 2] = z - s * px + c * pz;
    const i = f * WIDTH;
    const [qw, qx, qy, qz] = [rotations[i], rotations[i + 1], rotations[i + 2], rotations[i + 3]];
    rotations[i] = w * qw - y * qy;
    rotations[i + 1] = w * qx + y * qz;
    rotations[i + 2] = w * qy + y * qw;
    rotations[i + 3] = w * qz - y * qx;
  }
}
