/** Pictures of the view as files. */

const MOST_NAMES = 3;

/** `ada-ben-frame-0096.png`. */
export function pictureName(names: readonly string[], frame: number): string {
  const words = names.slice(0, MOST_NAMES).map(slug).filter(Boolean);
  const stem = words.length > 0 ? words.join('-') : 'motion';
  return `${stem}-frame-${String(Math.max(0, Math.floor(frame))).padStart(4, '0')}.png`;
}

/** Letters and digits of any script, all else as single hyphens. */
function slug(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
}

export function download(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser reads the address only after the click has been dealt with.
  window.setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** False where the browser or the user does not allow it. */
export async function copyToClipboard(picture: Blob): Promise<boolean> {
  if (typeof ClipboardItem === 'undefined') return false;
  try {
    await navigator.clipboard.write([new ClipboardItem({ [picture.type]: picture })]);
    return true;
  } catch {
    return false;
  }
}
