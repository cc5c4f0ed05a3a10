/** Elements without ceremony. */

type Child = Node | string;

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const out = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) out.setAttribute(name, value);
  out.append(...children);
  return out;
}

/**
 * A button that does not take the focus from the viewer when it is clicked, so that Space goes on
 * to mean play; the Tab key still reaches it.
 */
export function button(
  attributes: Readonly<Record<string, string>>,
  content: Child,
  act: () => void,
): HTMLButtonElement {
  const out = el('button', { type: 'button', ...attributes }, content);
  out.addEventListener('pointerdown', (event) => event.preventDefault());
  out.addEventListener('click', act);
  return out;
}
