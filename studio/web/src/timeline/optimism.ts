/** Edits that were sent and not yet answered, so that what was done is seen at once. */

import type { EditCommand, Project } from '../document/types';
import { apply } from './edits/apply';

export class Optimism {
  #server: Project | null = null;
  #serverText = '';
  /** The project after each unanswered edit. */
  #expected: Array<{ project: Project; text: string }> = [];

  /** The server's project with what was done since. */
  get project(): Project | null {
    return this.#expected.at(-1)?.project ?? this.#server;
  }

  /** Whether something was done that the server has not answered. */
  get pending(): boolean {
    return this.#expected.length > 0;
  }

  /** Why the edit makes no sense; empty if it does, and then `project` shows it. */
  expect(commands: readonly EditCommand[]): string {
    const { project } = this;
    if (!project) return '';
    const edited = apply(project, commands);
    if (edited.fault) return edited.fault;
    this.#expected.push({ project: edited.project, text: textOf(edited.project) });
    return '';
  }

  /** What the server says is true; edits that it has answered, or refused, are let go. */
  receive(project: Project, refused: boolean): Project {
    const text = textOf(project);
    const answered = this.#expected.map((each) => each.text).lastIndexOf(text);
    if (answered >= 0) this.#expected.splice(0, answered + 1);
    else if (refused || text !== this.#serverText) this.#expected = [];
    // The same value stays the same object, so that what was worked out about it stays known.
    if (text !== this.#serverText) this.#server = project;
    this.#serverText = text;
    return this.project!;
  }
}

function textOf({ timeline, characters, fps }: Project): string {
  return JSON.stringify([timeline, characters, fps]);
}
