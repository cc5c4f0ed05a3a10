// What keeps a page in touch: which project it shows, and that there is something new to look at.

/** Keeps the open project in the address, for reloads, and in the browser, for the next page. */
export function remember(project) {
  if (!project) return;
  const url = new URL(location.href);
  if (url.searchParams.get('project') !== project) {
    url.searchParams.set('project', project);
    history.replaceState(null, '', url);
  }
  try {
    localStorage.setItem('motion-studio.project', project);
  } catch {
    // A browser that keeps nothing still has the address.
  }
}

/**
 * Calls `look` whenever the server has something new for `page`, and `touch` with whether the
 * server can be reached: `lost` when it no longer knows the page.
 */
export function follow(page, look, touch) {
  const source = new EventSource(new URL(`pages/${page}/changes`, document.baseURI).href);
  source.onmessage = look;
  source.onopen = () => touch('here');
  // One that was only interrupted opens again by itself.
  source.onerror = () => touch(source.readyState === EventSource.CLOSED ? 'lost' : 'away');
  return () => source.close();
}
