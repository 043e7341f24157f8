import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { View } from '../../slack/page-api.ts';
import { Blocks } from '../blocks/Blocks.tsx';
import { Surface } from '../blocks/Surface.tsx';
import { plain } from '../blocks/Text.tsx';
import { check, type Values, valuesFor } from '../blocks/values.ts';
import { api } from '../store/api.ts';
import { useDesk } from '../store/desk.ts';
import { Avatar } from './Avatar.tsx';
import { Dialog } from './Dialog.tsx';
import { Icon } from './Icon.tsx';
import { Spinner } from './Spinner.tsx';

/** The stack of open modals. Those below keep everything that was entered until they are on top again. */
export function Modals({ views }: { views: View[] }): ReactNode {
  return views.map((view, index) => (
    <Modal key={view.id} view={view} below={index < views.length - 1} deep={index > 0} />
  ));
}

function Modal({ view, below, deep }: { view: View; below: boolean; deep: boolean }): ReactNode {
  const { me, workspace, person, closeView } = useDesk();
  const store = useState<Values>({});
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const title = plain(view.title);
  const body = useRef<HTMLDivElement>(null);
  const isNew = useRef(true);
  // A browser gives a new dialog's focus to its first button, the one that closes it. When a window fills or is drawn
  // anew, the focus stays where it is; if that is gone, it goes to the content, so that keys go on from there.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the blocks are what may take the focus away
  useEffect(() => {
    const isInside = body.current?.closest('dialog')?.contains(document.activeElement) ?? false;
    if (!below && (isNew.current || !isInside)) body.current?.focus();
    isNew.current = false;
  }, [view.blocks, below]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const values = valuesFor(view.blocks, store[0]);
    const wrong = check(view.blocks, values);
    setErrors(wrong);
    setProblem(null);
    if (Object.keys(wrong).length > 0) return;
    setBusy(true);
    try {
      const answer = await api.submit(me.id, view.id, values);
      setErrors(answer.errors ?? {});
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog label={title} className={`modal ${below ? 'below' : ''}`} onClose={() => closeView(view.id)}>
      <form onSubmit={submit} noValidate>
        <header className="modal-header">
          <Avatar person={person(workspace.bot.id)} size={28} />
          <h2>{title}</h2>
          <button
            type="button"
            className="icon-button"
            aria-label="Close"
            onClick={() => closeView(view.id, deep)}
          >
            <Icon name="close" size={18} />
          </button>
        </header>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keys too */}
        <div className="modal-body" ref={body} tabIndex={0}>
          <Surface
            container={{ type: 'view', view_id: view.id }}
            blocks={view.blocks}
            errors={errors}
            store={store}
          >
            <Blocks blocks={view.blocks} />
          </Surface>
        </div>
        <footer className="modal-footer">
          {problem && (
            <span className="act-error" role="alert">
              ⚠️ {problem}
            </span>
          )}
          <button type="button" className="button" onClick={() => closeView(view.id)}>
            {plain(view.close) || (view.submit ? 'Cancel' : 'Close')}
          </button>
          {view.submit && (
            <button type="submit" className="button primary" disabled={busy} aria-busy={busy}>
              <span>{plain(view.submit)}</span>
              {busy && <Spinner />}
            </button>
          )}
        </footer>
      </form>
    </Dialog>
  );
}
