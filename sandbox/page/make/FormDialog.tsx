import { type ReactNode, useState } from 'react';
import { createPortal } from 'react-dom';
import { Dialog } from '../parts/Dialog.tsx';
import { Icon } from '../parts/Icon.tsx';
import { Spinner } from '../parts/Spinner.tsx';

interface Props {
  title: string;
  /** The main button. */
  verb: string;
  disabled?: boolean;
  wide?: boolean;
  /** Does it. A refusal is shown in the dialog, which then stays open. */
  onSubmit(): Promise<void>;
  onClose(): void;
  children: ReactNode;
}

/** A dialog with a few fields, a main button and Cancel. */
export function FormDialog(props: Props): ReactNode {
  const { title, verb, disabled = false, wide, onSubmit, onClose, children } = props;
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const submit = async () => {
    setBusy(true);
    setProblem('');
    try {
      await onSubmit();
      onClose();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };
  // Outside the composer, which is itself a form: a form cannot contain another one.
  return createPortal(
    <Dialog label={title} className={`modal ${wide ? 'wide' : ''}`} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          // React still passes events on to the composer, which must not send.
          event.stopPropagation();
          if (!disabled && !busy) void submit();
        }}
      >
        <header className="modal-header">
          <h2>{title}</h2>
          <button type="button" className="icon-button" aria-label="Close" onClick={onClose}>
            <Icon name="close" size={18} />
          </button>
        </header>
        <div className="modal-body form-fields">{children}</div>
        <footer className="modal-footer">
          {problem && (
            <span className="act-error" role="alert">
              ⚠️ {problem}
            </span>
          )}
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={disabled || busy} aria-busy={busy}>
            <span>{verb}</span>
            {busy && <Spinner />}
          </button>
        </footer>
      </form>
    </Dialog>,
    document.body,
  );
}
