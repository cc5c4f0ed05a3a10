/**
 * What an edit will come to, so that a drag is seen as it happens and a click within a frame.
 *
 * The server's `studio/document/apply.py` decides; what is here covers the edits that the timeline
 * makes itself, and `tests/timeline-edits.test.ts` holds it to cases that the server computed.
 */

import type { Clip, EditCommand, Project } from '../../document/types';
import * as arrange from './arrange';
import { withEach } from './lanes';
import * as playing from './playing';
import { Refusal } from './refusal';
import { fault } from './rules';
import * as tracks from './tracks';

export interface Edited {
  /** As it would look, even where it is refused. */
  readonly project: Project;
  /** Why it is refused; empty if it is not. */
  readonly fault: string;
}

/** All commands in a row, as one edit. */
export function apply(project: Project, commands: readonly EditCommand[]): Edited {
  let after = project;
  try {
    for (const command of commands) after = step(after, command);
  } catch (error) {
    if (error instanceof Refusal) return { project: after, fault: error.message };
    throw error;
  }
  return { project: after, fault: fault(after, project) };
}

function step(project: Project, command: EditCommand): Project {
  const each = (values: Partial<Clip>): Project =>
    withEach(project, (command as { target: readonly string[] }).target, (clip) => ({
      ...clip,
      ...values,
    }));
  switch (command.kind) {
    case 'add_track':
      return tracks.addTrack(project, command);
    case 'remove_track':
      return tracks.removeTrack(project, command.track);
    case 'move_track':
      return tracks.moveTrack(project, command);
    case 'set_track':
      return tracks.setTrack(project, command);
    case 'add_clip':
      return arrange.add(project, command);
    case 'remove_clip':
      return arrange.remove(project, command);
    case 'move_clip':
      return arrange.move(project, command);
    case 'trim_clip':
      return arrange.trim(project, command);
    case 'slip_clip':
      return arrange.slip(project, command);
    case 'split_clip':
      return arrange.split(project, command);
    case 'duplicate_clip':
      return arrange.duplicate(project, command);
    case 'rename_clip':
      return each({ name: command.name });
    case 'enable_clip':
      return each({ enabled: command.enabled });
    case 'retime_clip':
      return playing.retime(project, command);
    case 'loop_clip':
      return playing.loop(project, command);
    case 'mirror_clip':
      return each({ mirror: command.mirror });
    case 'in_place_clip':
      return each({ in_place: command.in_place });
    case 'place_clip':
      return each({ placement: command.placement });
    case 'extrapolate_clip':
      return each({ extrapolate: command.extrapolate });
    case 'set_blend':
      return each({ blend: command.blend });
    case 'set_character':
      return tracks.setCharacter(project, command);
    case 'set_marker':
      return tracks.setMarker(project, command.marker);
    case 'remove_marker':
      return tracks.removeMarkers(project, command.markers);
    case 'set_range':
      return { ...project, timeline: { ...project.timeline, range: command.range } };
    default:
      return project;
  }
}
