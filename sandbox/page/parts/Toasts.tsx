import { type ReactNode, useEffect } from 'react';

const SHOWN_MS = 8000;

export interface Toast {
  id: number;
  text: string;
}

/** Refusals that belong to no particular place in the window. */
export function Toasts({ toasts, onGone }: { toasts: Toast[]; onGone(id: number): void }): ReactNode {
  return (
    <div className="toasts" role="alert">
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} onGone={onGone} />
      ))}
    </div>
  );
}

function ToastCard({ toast, onGone }: { toast: Toast; onGone(id: number): void }): ReactNode {
  useEffect(() => {
    const timer = setTimeout(() => onGone(toast.id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [toast.id, onGone]);
  return (
    <div className="toast">
      <span>{toast.text}</span>
      <button type="button" aria-label="Dismiss" onClick={() => onGone(toast.id)}>
        ×
      </button>
    </div>
  );
}
