import type { ReactNode } from 'react';

/** The square of a card whose kind has no file ending. */
export function KindIcon({ sign }: { sign: string }): ReactNode {
  return (
    <span className="kind-icon" aria-hidden="true">
      {sign}
    </span>
  );
}
