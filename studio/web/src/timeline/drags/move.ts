/** Clips carried to another time and another track, or copies of them. */

import type { EditCommand, Project } from '../../document/types';
import { clamp } from '../../clock';
import { ClipIndex, stopOf } from '../clips';
import { fresh } from '../fresh';
import { moment, stretch } from '../ticks';
import { countClips, drafted, drawn, type Draft, type Drag, type Hand, type Manner } from './drag';

export class MoveDrag implements Drag {
  readonly #made: readonly string[];
  readonly #edges: readonly number[];
  readonly #rows: readonly [least: number, most: number];
  readonly #first: number;

  /** @param copy drag copies and leave the clips where they are */
  constructor(
    private readonly project: Project,
    private readonly playhead: number,
    private readonly clips: readonly string[],
    private readonly from: Hand,
    private readonly copy: boolean,
  ) {
    const placed = ClipIndex.of(project).pick(clips);
    this.clips = placed.map(({ clip }) => clip.id);
    this.#made = copy ? fresh(project, 'clip', placed.length) : [];
    this.#edges = placed.flatMap(({ clip }) => [clip.start, stopOf(clip)]);
    this.#first = Math.min(...placed.map(({ clip }) => clip.start));
    const rows = placed.map(({ row }) => row);
    const last = project.timeline.tracks.length - 1;
    this.#rows = [-Math.min(...rows), last - Math.max(...rows)];
  }

  get cursor(): string {
    return this.copy ? 'copy' : 'grabbing';
  }

  draft(hand: Hand, manner: Manner): Draft {
    const rows = clamp(hand.row - this.from.row, ...this.#rows);
    // Held by the start of the timeline rather than refused there.
    const wanted = Math.max(hand.frame - this.from.frame, -this.#first);
    const carried = new Set(this.clips);
    const except = this.copy ? {} : { clips: carried };
    const edges = this.#edges;
    const { by, at } = drawn(this.project, this.playhead, edges, wanted, manner, except);
    const still = by === 0 && rows === 0;
    const { fps } = this.project;
    const shown = this.copy ? [...this.#made] : this.clips;
    return drafted(
      this.project,
      still ? [] : [this.#command(by, rows, manner.ripple)],
      this.#label,
      {
        moving: new Set(shown),
        snap: still ? null : at,
        note: `${stretch(manner.unit, by, fps, true)}  →  ${moment(manner.unit, this.#first + by, fps)}`,
      },
    );
  }

  get #label(): string {
    return `${this.copy ? 'Duplicate' : 'Move'} ${countClips(this.clips.length)}`;
  }

  #command(by: number, rows: number, ripple: boolean): EditCommand {
    const { clips: target } = this;
    return this.copy
      ? { kind: 'duplicate_clip', target, made: this.#made, by, rows, ripple }
      : { kind: 'move_clip', target, by, rows, ripple };
  }
}
