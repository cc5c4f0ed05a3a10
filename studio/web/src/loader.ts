/** Fetches motions, and says in a sentence why one did not come. */

import { MotionFormatError, parseMotion, type Motion } from './motion';

/** Takes that were just looked at come back at once. */
const KEPT = 32;

export class MotionLoader {
  readonly #motions = new Map<string, Promise<Motion>>();

  /** Throws an Error whose message is a sentence for the user. */
  load(url: string, name: string): Promise<Motion> {
    const kept = this.#motions.get(url);
    if (kept) {
      this.#motions.delete(url);
      this.#motions.set(url, kept);
      return kept;
    }
    const motion = fetchMotion(url, name);
    this.#motions.set(url, motion);
    motion.catch(() => this.#motions.delete(url));
    const oldest = this.#motions.keys().next().value;
    if (this.#motions.size > KEPT && oldest !== undefined) this.#motions.delete(oldest);
    return motion;
  }
}

async function fetchMotion(url: string, name: string): Promise<Motion> {
  let response: Response;
  try {
    response = await fetch(new URL(url, document.baseURI));
  } catch {
    throw new Error(
      `“${name}” could not be fetched because the studio does not answer; check that it is running.`,
    );
  }
  if (response.status === 404) {
    throw new Error(`The motion of “${name}” is no longer on the studio; generate it again.`);
  }
  if (!response.ok) {
    throw new Error(
      `The studio refused the motion of “${name}” (HTTP ${response.status}); reload the page.`,
    );
  }
  try {
    return parseMotion(await response.arrayBuffer());
  } catch (error) {
    const reason = error instanceof MotionFormatError ? ` ${error.message}` : '';
    throw new Error(`The motion of “${name}” cannot be read; generate it again.${reason}`);
  }
}
