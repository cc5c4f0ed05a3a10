/**
 * From a project to pieces: which frames of which clip a character plays when (docs/adr/0010).
 *
 * Pure and without motion data, as `studio/document/layout.py`, whose words are the same:
 *
 *     upper track   . . . |B B B B| . . . . .
 *     lower track   |A A A A A| . . . |C C C C|
 *
 *     pieces        |a a a|b b b b|= =|c c c c|        = holds the last frame of B
 */

import type { CharacterId, Clip, Media, Project, Track, TrackId } from './types';

/** How a media is played, whatever range of it: clips that share this share played frames. */
export interface Playing {
  readonly media: Media;
  readonly speed: number;
  readonly reverse: boolean;
  readonly mirror: boolean;
  readonly in_place: boolean;
}

function samePlaying(a: Playing, b: Playing): boolean {
  return (
    a.media.id === b.media.id &&
    a.media.frames === b.media.frames &&
    a.media.fps === b.media.fps &&
    a.speed === b.speed &&
    a.reverse === b.reverse &&
    a.mirror === b.mirror &&
    a.in_place === b.in_place
  );
}

/** Frames that follow one another both on the timeline and in a clip's played media. */
export interface Piece {
  readonly track: TrackId;
  /** What plays. Where a clip goes on in the next (a split) the first of them. */
  readonly clip: Clip;
  /** The project's frame at which it begins. */
  readonly start: number;
  readonly count: number;
  /** The played frame at which it begins. */
  readonly first: number;
  /** Every frame shows the played frame `first`. */
  readonly held: boolean;
  /** It stands as the piece before it and has no join. */
  readonly stays: boolean;
  /** Nothing of the clip has played before. */
  readonly begins: boolean;
  /** It belongs to the first cycle of a pinned clip, and stands where that is pinned. */
  readonly pinned: boolean;
  /** Frames over which it takes over from the piece before. */
  readonly blend: number;
}

/** The played frame that a piece shows last. */
export function lastOf(piece: Pick<Piece, 'first' | 'count' | 'held'>): number {
  return piece.held ? piece.first : piece.first + piece.count - 1;
}

/** The end of the last clip of all tracks. */
export function timelineStop(project: Project): number {
  let stop = 0;
  for (const track of project.timeline.tracks) {
    for (const clip of track.clips) stop = Math.max(stop, clip.start + clip.frames);
  }
  return stop;
}

/**
 * What `character` plays from frame 0 to `stop`, contiguous; empty if it has no clip. `stop` is at
 * least one frame; without it the end of the timeline.
 */
export function pieces(
  project: Project,
  character: CharacterId,
  stop: number = timelineStop(project),
): Piece[] {
  const end = Math.max(stop, 1);
  // Cut only now: a blend is as long as its whole piece allows, wherever one stops to look.
  return joined(filled(shown(counting(project, character)), end))
    .filter((piece) => piece.start < end)
    .map((piece) => ({ ...piece, count: Math.min(piece.count, end - piece.start) }));
}

/** The tracks that count for `character`: not muted, of these the soloed if there are any. */
export function counting(project: Project, character: CharacterId): readonly Track[] {
  const tracks = project.timeline.tracks.filter((t) => t.character === character && !t.mute);
  const soloed = tracks.filter((t) => t.solo);
  return soloed.length > 0 ? soloed : tracks;
}

/** Frames `start <= f < stop` in which a clip is the one that plays. */
interface Span {
  readonly start: number;
  readonly stop: number;
  readonly track: TrackId;
  readonly clip: Clip;
}

/** What plays where any clip does, in order: upper tracks cover lower ones. */
function shown(tracks: readonly Track[]): Span[] {
  const rows = tracks.map(rowOf);
  const edges = [...new Set(rows.flat().flatMap((span) => [span.start, span.stop]))];
  edges.sort((a, b) => a - b);
  const at = rows.map(() => 0);
  const out: Span[] = [];
  for (let k = 0; k + 1 < edges.length; k++) {
    const start = edges[k];
    for (let i = 0; i < rows.length; i++) {
      while (at[i] < rows[i].length && rows[i][at[i]].stop <= start) at[i]++;
      const span = rows[i][at[i]];
      if (span === undefined || span.start > start) continue;
      append(out, { ...span, start, stop: edges[k + 1] });
      break;
    }
  }
  return out;
}

/** A track's enabled clips: of two that overlap the later plays. */
function rowOf(track: Track): Span[] {
  const clips = track.clips.filter((clip) => clip.enabled).sort((a, b) => a.start - b.start);
  const spans = clips.map((clip, i) => {
    const end = clip.start + clip.frames;
    const stop = i + 1 < clips.length ? Math.min(end, clips[i + 1].start) : end;
    return { start: clip.start, stop, track: track.id, clip };
  });
  return spans.filter((span) => span.stop > span.start);
}

/** Adds `span`, in one with the last if an edge of another track lay between them. */
function append(out: Span[], span: Span): void {
  const last = out.at(-1);
  if (last && last.clip === span.clip && last.stop === span.start) {
    out[out.length - 1] = { ...last, stop: span.stop };
  } else {
    out.push(span);
  }
}

/**
 * Pieces of every span, a cycle each, and of the gaps between and around them. The last may go on
 * after `stop`.
 */
function* filled(spans: readonly Span[], stop: number): Generator<Piece> {
  const begun = new Set<string>();
  for (let i = 0; i < spans.length; i++) {
    const span = spans[i];
    const own = [...cycles(span, !begun.has(span.clip.id))];
    begun.add(span.clip.id);
    if (i === 0 && span.start > 0) {
      yield { ...own[0], start: 0, count: span.start, held: true };
      own[0] = { ...own[0], stays: true, begins: false };
    } else if (i > 0) {
      own[0] = { ...own[0], blend: blendOf(spans[i - 1], span) };
    }
    yield* own;
    const { source } = span.clip;
    const end = i + 1 < spans.length ? spans[i + 1].start : stop + source.stop - source.start;
    if (span.stop < end) yield* afterwards(span, own[own.length - 1], end);
  }
}

/** The span cut where its clip goes round. */
function* cycles(span: Span, begins: boolean): Generator<Piece> {
  const { clip, track } = span;
  const length = clip.source.stop - clip.source.start;
  let first = begins;
  for (let frame = span.start; frame < span.stop;) {
    const played = clip.phase + frame - clip.start;
    const at = played % length;
    const count = Math.min(length - at, span.stop - frame);
    yield {
      track,
      clip,
      start: frame,
      count,
      first: clip.source.start + at,
      held: false,
      stays: false,
      begins: first,
      pinned: clip.placement.pinned && played < length,
      blend: clip.blend.frames,
    };
    frame += count;
    first = false;
  }
}

/** What a character does from the end of a clip to `end`. */
function* afterwards(span: Span, last: Piece, end: number): Generator<Piece> {
  if (span.clip.extrapolate === 'loop') {
    yield* cycles({ ...span, start: span.stop, stop: end }, false);
    return;
  }
  yield {
    track: span.track,
    clip: span.clip,
    start: span.stop,
    count: end - span.stop,
    first: lastOf(last),
    held: true,
    stays: true,
    begins: false,
    pinned: false,
    blend: 0,
  };
}

/** Frames of the blend: of an overlap on one track its length. */
function blendOf(before: Span, span: Span): number {
  const overlap = before.clip.start + before.clip.frames - span.clip.start;
  const meets = span.start === span.clip.start && before.track === span.track && overlap > 0;
  return meets ? overlap : span.clip.blend.frames;
}

/** Pieces that continue the one before made one with it, and no blend longer than its piece. */
function joined(row: Iterable<Piece>): Piece[] {
  const out: Piece[] = [];
  for (const piece of row) {
    const last = out.at(-1);
    if (last && continues(last, piece)) {
      out[out.length - 1] = { ...last, count: last.count + piece.count };
    } else {
      out.push(piece);
    }
  }
  return out.map((piece, i) => ({
    ...piece,
    blend: i === 0 || piece.stays ? 0 : Math.min(piece.blend, piece.count),
  }));
}

/** Whether `piece` begins with the very next frame of the same played media. */
function continues(before: Piece, piece: Piece): boolean {
  return (
    !before.held &&
    !piece.held &&
    piece.first === before.first + before.count &&
    samePlaying(before.clip, piece.clip) &&
    (piece.clip.id === before.clip.id || !isPlaced(piece.clip))
  );
}

/** Whether `piece`, which is named after another clip, plays the beginning of `clip`. */
export function goesOnIn({ start, count, held, clip: named }: Piece, clip: Clip): boolean {
  const there = start <= clip.start && clip.start < start + count;
  return there && !held && samePlaying(named, clip);
}

function isPlaced(clip: Clip): boolean {
  const { x, z, turn, pinned } = clip.placement;
  return pinned || x !== 0 || z !== 0 || turn !== 0;
}
