import { useSyncExternalStore } from 'react';

export type Theme = 'light' | 'dark';

const KEY = 'ria-vault-sandbox-theme';
const dark = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();
/** Where the browser keeps nothing, the choice lasts until the page is left. */
let chosen: Theme | null = null;

/** What the page looks like now: as the person chose here, else as the computer does. */
function theme(): Theme {
  return saved() ?? system();
}

function system(): Theme {
  return dark.matches ? 'dark' : 'light';
}

function saved(): Theme | null {
  try {
    const value = localStorage.getItem(KEY);
    return value === 'dark' || value === 'light' ? value : null;
  } catch {
    return chosen;
  }
}

function choose(next: Theme): void {
  // The same as the computer's: then the page follows it again.
  chosen = next === system() ? null : next;
  try {
    if (chosen === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, chosen);
  } catch {
    // `chosen` has it.
  }
  apply();
}

function apply(): void {
  document.documentElement.dataset.theme = theme();
  for (const listener of listeners) listener();
}

/** Puts the theme on the page, and follows the computer and the other tabs. Once, before anything is drawn. */
export function startTheme(): void {
  apply();
  dark.addEventListener('change', apply);
  addEventListener('storage', apply);
}

export function useTheme(): { theme: Theme; toggle(): void } {
  const now = useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, theme);
  return { theme: now, toggle: () => choose(now === 'dark' ? 'light' : 'dark') };
}
