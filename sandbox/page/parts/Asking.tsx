import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';
import type { Block } from '../../slack/page-api.ts';
import { withEmoji } from '../text/emoji.ts';
import { Mrkdwn } from '../text/Mrkdwn.tsx';
import { Dialog } from './Dialog.tsx';

/** Block Kit's confirm object, as buttons and menus carry it. */
export type Confirm = Block;
type Ask = (confirm: Confirm) => Promise<boolean>;

const AskContext = createContext<Ask>(async () => false);

/** Asks before something happens; resolves to what the person chose. */
export function useAsk(): Ask {
  return useContext(AskContext);
}

export function Asking({ children }: { children: ReactNode }): ReactNode {
  const [open, setOpen] = useState<{ confirm: Confirm; answer(yes: boolean): void } | null>(null);
  const ask = useCallback<Ask>(
    (confirm) => new Promise((resolve) => setOpen({ confirm, answer: resolve })),
    [],
  );
  const finish = (yes: boolean) => {
    open?.answer(yes);
    setOpen(null);
  };
  return (
    <AskContext value={ask}>
      {children}
      {open && <ConfirmDialog confirm={open.confirm} onAnswer={finish} />}
    </AskContext>
  );
}

function ConfirmDialog({ confirm, onAnswer }: { confirm: Confirm; onAnswer(yes: boolean): void }): ReactNode {
  const danger = confirm.style === 'danger';
  return (
    <Dialog
      label={confirm.title?.text ?? 'Are you sure?'}
      className="confirm"
      onClose={() => onAnswer(false)}
    >
      <h2>{withEmoji(confirm.title?.text ?? 'Are you sure?')}</h2>
      {confirm.text?.type === 'plain_text' ? (
        <p>{withEmoji(confirm.text.text)}</p>
      ) : (
        <Mrkdwn text={confirm.text?.text ?? ''} />
      )}
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={() => onAnswer(false)}>
          {withEmoji(confirm.deny?.text ?? 'Cancel')}
        </button>
        <button
          type="button"
          className={`button ${danger ? 'danger solid' : 'primary'}`}
          // biome-ignore lint/a11y/noAutofocus: a dialog must take the focus, and its main answer is the place for it
          autoFocus
          onClick={() => onAnswer(true)}
        >
          {withEmoji(confirm.confirm?.text ?? 'Yes')}
        </button>
      </div>
    </Dialog>
  );
}
