import type { ReactNode } from 'react';

/** The first thing that the Tab key reaches: past channels and buttons, to where people write. */
export function SkipLink(): ReactNode {
  return (
    // No link: the address says who looks at what, so it stays.
    <button type="button" className="button skip-link" onClick={focusMain}>
      Skip to the messages
    </button>
  );
}

/** Gives the focus to the field for messages, or, where there is none, to what is shown. */
export function focusMain(): void {
  const main = document.querySelector<HTMLElement>('main');
  (main?.querySelector<HTMLElement>('.composer textarea') ?? main)?.focus();
}
