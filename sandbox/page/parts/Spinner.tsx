import type { ReactNode } from 'react';

export function Spinner({ label = 'Waiting' }: { label?: string }): ReactNode {
  return <span className="spinner" role="status" aria-label={label} />;
}
