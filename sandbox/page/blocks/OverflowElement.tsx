import { type ReactNode, useRef, useState } from 'react';
import type { Block } from '../../slack/page-api.ts';
import { Menu } from '../parts/Menu.tsx';
import { Spinner } from '../parts/Spinner.tsx';
import { safeHref } from '../text/mrkdwn.ts';
import { ActNote } from './ActNote.tsx';
import type { ElementProps } from './Element.tsx';
import { plain } from './Text.tsx';
import { useAct } from './useAct.ts';

/** The "…" menu. */
export function OverflowElement({ blockId, element }: ElementProps): ReactNode {
  const { busy, error, act } = useAct(blockId, element);
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const choose = (option: Block) => void act({ selected_option: option });
  return (
    <span className="acting">
      <button
        ref={button}
        type="button"
        className="button overflow"
        aria-label="More options"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-disabled={busy}
        onClick={() => !busy && setOpen(!open)}
      >
        {busy ? <Spinner /> : '•••'}
      </button>
      {open && (
        <Menu anchor={button} label="More options" onClose={() => setOpen(false)}>
          {element.options.map((option: Block) => {
            const href = option.url ? safeHref(option.url) : null;
            return href ? (
              <a
                key={option.value ?? option.url}
                role="menuitem"
                href={href}
                target="_blank"
                rel="noreferrer"
                onClick={() => choose(option)}
              >
                {plain(option.text)}
              </a>
            ) : (
              <button key={option.value} type="button" role="menuitem" onClick={() => choose(option)}>
                {plain(option.text)}
                {option.description && <span className="menu-note">{plain(option.description)}</span>}
              </button>
            );
          })}
        </Menu>
      )}
      <ActNote error={error} />
    </span>
  );
}
