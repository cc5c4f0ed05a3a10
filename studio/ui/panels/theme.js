// Dark, light, or as the system has it; remembered in the browser.

const STORE = 'motion-studio.theme';
const system = window.matchMedia('(prefers-color-scheme: light)');

export const THEMES = [
  ['dark', 'Dark'],
  ['light', 'Light'],
  ['system', 'System', 'As the system has it'],
];

export function theme() {
  return localStorage.getItem(STORE) ?? 'dark';
}

export function setTheme(name) {
  localStorage.setItem(STORE, name);
  apply();
}

function apply() {
  const name = theme();
  const light = name === 'light' || (name === 'system' && system.matches);
  document.documentElement.dataset.msTheme = light ? 'light' : 'dark';
}

system.addEventListener('change', apply);
apply();
