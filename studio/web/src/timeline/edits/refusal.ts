/** An edit that makes no sense here; its message is the sentence that is shown. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}
