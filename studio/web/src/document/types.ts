/**
 * A project as JSON: `studio/document/model.py` and `commands.py` in TypeScript, names and all.
 * `tests/studio/test_web_types.py` holds the two to each other, field by field.
 *
 * Time is whole frames at the project's `fps`, ranges are half-open; places are metres and radians
 * on the ground (Y up, facing +Z). docs/adr/0010 says what a project means. Where Python has
 * defaults, a command may leave a field out.
 */

/** The SHA-256 content hash of a motion, in hex. */
export type MediaId = string;
export type TakeId = string;
export type ClipId = string;
export type TrackId = string;
export type CharacterId = string;
export type MarkerId = string;
export type KeyId = string;
export type TurnId = string;

/** Frames `start <= f < stop`. */
export interface Range {
  readonly start: number;
  readonly stop: number;
}

/** What there is of a motion: its id, how many frames, at which rate of its own. */
export interface Media {
  readonly id: MediaId;
  readonly frames: number;
  readonly fps: number;
}

/** Everything of a request that, with prompt, seed and bundle, makes the same motion again. */
export interface RequestRecord {
  readonly frames: number;
  readonly fps: number;
  readonly steps: number | null;
  readonly guidance: number | null;
  readonly cleanup: boolean;
  readonly prefix: MediaId | null;
  readonly suffix: MediaId | null;
  readonly arrive: boolean;
}

/** How a generated take came about. */
export interface Provenance {
  readonly prompt: string;
  readonly seed: number;
  readonly bundle: string;
  readonly request: RequestRecord;
}

/** Measures of a motion; lower is better for all but `dynamic_degree`. */
export interface Quality {
  readonly foot_sliding: number;
  readonly skating: number;
  readonly foot_floating: number;
  readonly ground_penetration: number;
  readonly jitter: number;
  readonly acceleration: number;
  readonly dynamic_degree: number;
}

// -- takes ----------------------------------------------------------------------------------------

/** A take for the end of a track; the first track's where `track` is null. */
export interface Append {
  readonly track: TrackId | null;
  readonly kind: 'append';
}

/** A take for a track from `start` on. */
export interface Insert {
  readonly track: TrackId;
  readonly start: number;
  readonly kind: 'insert';
}

/** A take between two clips of one track. `length` frames of gap. */
export interface Fill {
  readonly before: ClipId;
  readonly after: ClipId;
  readonly length: number;
  readonly kind: 'fill';
}

/** A take that goes on where a clip ends. */
export interface Continue {
  readonly clip: ClipId;
  readonly kind: 'continue';
}

/** Another media for a clip; `span` of its source is made anew, or all of it where null. */
export interface Replace {
  readonly clip: ClipId;
  readonly span: Range | null;
  readonly kind: 'replace';
}

/** What a take was made for, and so where it goes when it is accepted. */
export type Aim = Append | Insert | Fill | Continue | Replace;

/** One motion that can be looked at, compared, accepted and saved. */
export interface Take {
  readonly id: TakeId;
  readonly name: string;
  readonly media: Media;
  readonly lead: number;
  readonly tail: number;
  readonly aim: Aim;
  readonly group: string;
  readonly kept: boolean;
  readonly accepted: boolean;
  readonly quality: Quality | null;
  readonly match: number | null;
  readonly provenance: Provenance | null;
}

// -- the timeline ---------------------------------------------------------------------------------

/** How a clip takes over from what plays before it, over its first `frames` frames. */
export interface Blend {
  readonly kind: 'inertialize' | 'crossfade' | 'cut';
  readonly frames: number;
  readonly curve: 'linear' | 'smooth';
}

/** Where a clip or a character stands on the ground; of the world if pinned. */
export interface Placement {
  readonly x: number;
  readonly z: number;
  readonly turn: number;
  readonly pinned: boolean;
}

/**
 * A used range of some media, at a place in time.
 *
 * The media played at the project's rate, retimed, mirrored and kept in place as asked, is the
 * *played* media; `source` is the range of it that is used. A clip longer than its source goes
 * round in it, and begins at `phase` of the first cycle.
 */
export interface Clip {
  readonly id: ClipId;
  readonly name: string;
  readonly media: Media;
  readonly start: number;
  readonly frames: number;
  readonly source: Range;
  readonly phase: number;
  readonly speed: number;
  readonly reverse: boolean;
  readonly mirror: boolean;
  readonly in_place: boolean;
  readonly extrapolate: 'hold' | 'loop';
  readonly blend: Blend;
  readonly placement: Placement;
  readonly enabled: boolean;
  readonly take: TakeId | null;
  readonly provenance: Provenance | null;
}

/** Clips in the order of their start. No frame has more than two, no clip lies in another. */
export interface Track {
  readonly id: TrackId;
  readonly name: string;
  readonly character: CharacterId;
  readonly clips: readonly Clip[];
  readonly mute: boolean;
  readonly solo: boolean;
  readonly lock: boolean;
}

/** A named frame. */
export interface Marker {
  readonly id: MarkerId;
  readonly frame: number;
  readonly name: string;
}

/** Tracks from top to bottom; `range` is what is looped and exported, null for all. */
export interface Timeline {
  readonly tracks: readonly Track[];
  readonly markers: readonly Marker[];
  readonly range: Range | null;
}

/** Who moves. `placement` is where the first clip begins. */
export interface Character {
  readonly id: CharacterId;
  readonly name: string;
  readonly color: string;
  readonly placement: Placement;
}

/** A pose that generated motion has to pass through: frame `at` of `media`. */
export interface PoseKey {
  readonly id: KeyId;
  readonly character: CharacterId;
  readonly frame: number;
  readonly media: MediaId;
  readonly at: number;
  readonly joints: readonly string[];
  readonly kind: 'pose_key';
}

export type Constraint = PoseKey;

// -- the conversation -----------------------------------------------------------------------------

/** Frames of one character that a turn changed, of the timeline as it was then. */
export interface Touched {
  readonly character: CharacterId;
  readonly range: Range;
}

/** One exchange: what the animator said, what was planned, and what came of it. */
export interface Turn {
  readonly id: TurnId;
  readonly text: string;
  readonly reply: string;
  readonly plan: string;
  readonly state: 'planned' | 'answered' | 'done' | 'undone' | 'failed' | 'cancelled' | 'rejected';
  readonly options: readonly string[];
  readonly clips: readonly ClipId[];
  readonly spans: readonly Touched[];
  readonly takes: readonly TakeId[];
  readonly character: CharacterId | null;
  readonly instead: TurnId | null;
}

/** A performance: who moves, what they do when, what else was tried, and what was said. */
export interface Project {
  readonly name: string;
  readonly fps: number;
  readonly timeline: Timeline;
  readonly characters: readonly Character[];
  readonly constraints: readonly Constraint[];
  readonly takes: readonly Take[];
  readonly conversation: readonly Turn[];
  readonly schema: number;
}

// -- commands: tracks -----------------------------------------------------------------------------

export type Clips = readonly ClipId[];

/** Put `track` at `index` from the top, or below the last. */
export interface AddTrack {
  readonly track: Track;
  readonly index?: number | null;
  readonly kind: 'add_track';
}

/** Remove a track with its clips. */
export interface RemoveTrack {
  readonly track: TrackId;
  readonly kind: 'remove_track';
}

/** Put a track at `index` from the top. */
export interface MoveTrack {
  readonly track: TrackId;
  readonly index: number;
  readonly kind: 'move_track';
}

/** Change what is given of a track. */
export interface SetTrack {
  readonly track: TrackId;
  readonly name?: string | null;
  readonly character?: CharacterId | null;
  readonly mute?: boolean | null;
  readonly solo?: boolean | null;
  readonly lock?: boolean | null;
  readonly kind: 'set_track';
}

// -- commands: clips on the timeline --------------------------------------------------------------

/** Put `clip` on a track where it says. With `ripple` all that begins there makes room. */
export interface AddClip {
  readonly track: TrackId;
  readonly clip: Clip;
  readonly ripple?: boolean;
  readonly kind: 'add_clip';
}

/** Remove clips. With `ripple` what follows on their tracks closes up. */
export interface RemoveClip {
  readonly target: Clips;
  readonly ripple?: boolean;
  readonly kind: 'remove_clip';
}

/** Move clips `by` frames, and `rows` tracks down. An overlap becomes the blend. */
export interface MoveClip {
  readonly target: Clips;
  readonly by?: number;
  readonly rows?: number;
  readonly ripple?: boolean;
  readonly kind: 'move_clip';
}

/** Drag an edge to `frame` of the timeline; what is cut off stays as a handle. */
export interface TrimClip {
  readonly target: Clips;
  readonly edge: 'head' | 'tail';
  readonly frame: number;
  readonly ripple?: boolean;
  readonly kind: 'trim_clip';
}

/** Show another range of the media in the same place of the timeline. */
export interface SlipClip {
  readonly target: Clips;
  readonly by: number;
  readonly kind: 'slip_clip';
}

/** Cut clips in two at `frame`; `made` are the right parts' ids. */
export interface SplitClip {
  readonly target: Clips;
  readonly frame: number;
  readonly made: Clips;
  readonly kind: 'split_clip';
}

/** Copy clips `by` frames later and `rows` tracks down; `made` are the copies' ids. */
export interface DuplicateClip {
  readonly target: Clips;
  readonly made: Clips;
  readonly by: number;
  readonly rows?: number;
  readonly ripple?: boolean;
  readonly kind: 'duplicate_clip';
}

/** Give clips a name. */
export interface RenameClip {
  readonly target: Clips;
  readonly name: string;
  readonly kind: 'rename_clip';
}

/** Play clips, or keep them and pass over them. */
export interface EnableClip {
  readonly target: Clips;
  readonly enabled: boolean;
  readonly kind: 'enable_clip';
}

// -- commands: what clips do ----------------------------------------------------------------------

/** Play at `speed`, backwards if `reverse`; null keeps what is. */
export interface RetimeClip {
  readonly target: Clips;
  readonly speed?: number | null;
  readonly reverse?: boolean | null;
  readonly ripple?: boolean;
  readonly kind: 'retime_clip';
}

/** Go round `times` times; 1 plays it once. */
export interface LoopClip {
  readonly target: Clips;
  readonly times: number;
  readonly ripple?: boolean;
  readonly kind: 'loop_clip';
}

/** Exchange left and right. */
export interface MirrorClip {
  readonly target: Clips;
  readonly mirror: boolean;
  readonly kind: 'mirror_clip';
}

/** Keep the root over where the clip begins. */
export interface InPlaceClip {
  readonly target: Clips;
  readonly in_place: boolean;
  readonly kind: 'in_place_clip';
}

/** Offset and turn clips on the ground, relative to what comes before or pinned. */
export interface PlaceClip {
  readonly target: Clips;
  readonly placement: Placement;
  readonly kind: 'place_clip';
}

/** What the character does after the clip until another begins. */
export interface ExtrapolateClip {
  readonly target: Clips;
  readonly extrapolate: 'hold' | 'loop';
  readonly kind: 'extrapolate_clip';
}

/** How clips take over from what comes before. */
export interface SetBlend {
  readonly target: Clips;
  readonly blend: Blend;
  readonly kind: 'set_blend';
}

/** Give a clip another take. It keeps its place in time and its settings. */
export interface ReplaceMedia {
  readonly target: Clips;
  readonly media: Media;
  readonly source?: Range | null;
  readonly take?: TakeId | null;
  readonly provenance?: Provenance | null;
  readonly ripple?: boolean;
  readonly kind: 'replace_media';
}

// -- commands: characters, keys, markers ----------------------------------------------------------

/** Add someone to the scene. */
export interface AddCharacter {
  readonly character: Character;
  readonly kind: 'add_character';
}

/** Remove a character with its tracks and keys. */
export interface RemoveCharacter {
  readonly character: CharacterId;
  readonly kind: 'remove_character';
}

/** Change what is given of a character. */
export interface SetCharacter {
  readonly character: CharacterId;
  readonly name?: string | null;
  readonly color?: string | null;
  readonly placement?: Placement | null;
  readonly kind: 'set_character';
}

/** Add a constraint, or put it in the place of the one with its id. */
export interface SetConstraint {
  readonly constraint: Constraint;
  readonly kind: 'set_constraint';
}

/** Remove constraints. */
export interface RemoveConstraint {
  readonly constraints: readonly KeyId[];
  readonly kind: 'remove_constraint';
}

/** Add a marker, or put it in the place of the one with its id. */
export interface SetMarker {
  readonly marker: Marker;
  readonly kind: 'set_marker';
}

/** Remove markers. */
export interface RemoveMarker {
  readonly markers: readonly MarkerId[];
  readonly kind: 'remove_marker';
}

// -- commands: the project ------------------------------------------------------------------------

/** Give the project a name. */
export interface RenameProject {
  readonly name: string;
  readonly kind: 'rename_project';
}

/** Change the frame rate; everything keeps its time in seconds as nearly as frames allow. */
export interface SetFps {
  readonly fps: number;
  readonly kind: 'set_fps';
}

/** What is looped and exported; null for all. */
export interface SetRange {
  readonly range: Range | null;
  readonly kind: 'set_range';
}

/** Keep what was generated or imported, beside the timeline. */
export interface AddTakes {
  readonly takes: readonly Take[];
  readonly kind: 'add_takes';
}

/** Change what is given of a take. */
export interface SetTake {
  readonly take: TakeId;
  readonly name?: string | null;
  readonly kept?: boolean | null;
  readonly accepted?: boolean | null;
  readonly kind: 'set_take';
}

/** Remove takes; clips made of them stay. */
export interface RemoveTakes {
  readonly takes: readonly TakeId[];
  readonly kind: 'remove_takes';
}

/** Several edits that are one: all of them or none, and one step of undo. */
export interface Batch {
  readonly commands: readonly EditCommand[];
  readonly label?: string;
  readonly kind: 'batch';
}

/** Every edit of a project. */
export type EditCommand =
  | AddTrack
  | RemoveTrack
  | MoveTrack
  | SetTrack
  | AddClip
  | RemoveClip
  | MoveClip
  | TrimClip
  | SlipClip
  | SplitClip
  | DuplicateClip
  | RenameClip
  | EnableClip
  | RetimeClip
  | LoopClip
  | MirrorClip
  | InPlaceClip
  | PlaceClip
  | ExtrapolateClip
  | SetBlend
  | ReplaceMedia
  | AddCharacter
  | RemoveCharacter
  | SetCharacter
  | SetConstraint
  | RemoveConstraint
  | SetMarker
  | RemoveMarker
  | RenameProject
  | SetFps
  | SetRange
  | AddTakes
  | SetTake
  | RemoveTakes
  | Batch;
