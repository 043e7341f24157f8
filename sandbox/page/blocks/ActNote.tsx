import type { ReactNode } from 'react';

/** The ⚠ beside an element whose action failed. */
export function ActNote({ error }: { error: string | null }): ReactNode {
  return error ? (
    <span className="act-error" role="alert">
      ⚠️ {error}
    </span>
  ) : null;
}
