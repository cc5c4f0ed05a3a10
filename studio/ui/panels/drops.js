// Files may be dropped anywhere in the window; a veil says so while they hover.

import { h, icon } from './dom.js';

const receivers = new Map();
let otherwise = () => {};

/** @param suffixes of the files that `take` is given as a list, such as `.bvh` */
export function receiveFiles(suffixes, take) {
  for (const suffix of suffixes) receivers.set(suffix, take);
}

/** Told of files that nobody takes. */
export function refuseFiles(refuse) {
  otherwise = refuse;
}

function carriesFiles(event) {
  return event.dataTransfer?.types.includes('Files');
}

/** Over the tracks, which take files themselves; a track's header does not. */
function onTracks(event) {
  const path = event.composedPath().filter((node) => node instanceof Element);
  return ['[data-ms-timeline]', '.lanes'].every((part) => path.some((node) => node.matches(part)));
}

function receiverOf(file) {
  const suffix = /\.[^.]+$/.exec(file.name.toLowerCase())?.[0] ?? '';
  return receivers.get(suffix) ?? otherwise;
}

/** Whole projects are opened wherever they fall; motion on the timeline is the timeline's. */
function dropped(event) {
  const groups = new Map();
  for (const file of event.dataTransfer.files) {
    const take = receiverOf(file);
    groups.set(take, [...(groups.get(take) ?? []), file]);
  }
  const projects = groups.has(receivers.get('.mstudio'));
  if (onTracks(event) && !projects) return;
  event.preventDefault();
  event.stopPropagation();
  for (const [take, files] of groups) take(files);
}

export function mountDrops() {
  const veil = h(
    'div',
    { class: 'ms-drop-veil', hidden: true },
    h('p', {}, icon('open', 24), 'Motion becomes a take; on a track, a clip. A project opens.'),
  );
  document.getElementById('ms-app').append(veil);
  const options = { capture: true };
  window.addEventListener(
    'dragover',
    (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      veil.hidden = onTracks(event);
    },
    options,
  );
  window.addEventListener(
    'dragleave',
    (event) => {
      if (event.relatedTarget === null) veil.hidden = true;
    },
    options,
  );
  window.addEventListener(
    'drop',
    (event) => {
      veil.hidden = true;
      if (carriesFiles(event)) dropped(event);
    },
    options,
  );
}
