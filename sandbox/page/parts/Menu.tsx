import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { Popup } from './Popup.tsx';

interface Props {
  anchor: RefObject<HTMLElement | null>;
  label: string;
  onClose(): void;
  children: ReactNode;
  align?: 'left' | 'right';
}

/** A menu of buttons or links: arrows move, Escape closes and gives the focus back, a choice closes. */
export function Menu({ anchor, label, onClose, children, align = 'right' }: Props): ReactNode {
  const list = useRef<HTMLDivElement>(null);
  const items = () => [...(list.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? [])];

  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus moves once, when the menu appears
  useEffect(() => items()[0]?.focus(), []);

  const onKeyDown = (event: KeyboardEvent) => {
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: all.length - 1,
    };
    const next = steps[event.key];
    if (next !== undefined) {
      event.preventDefault();
      all[(next + all.length) % all.length]?.focus();
    } else if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      event.stopPropagation();
      onClose();
      anchor.current?.focus();
    }
  };
  const choose = () => {
    onClose();
    // The line that had the focus goes; a dialog that opens now takes it from the button, and gives it back there.
    anchor.current?.focus();
  };
  return (
    <Popup anchor={anchor} onClose={onClose} align={align} className="menu">
      <div ref={list} role="menu" tabIndex={-1} aria-label={label} onKeyDown={onKeyDown} onClick={choose}>
        {children}
      </div>
    </Popup>
  );
}
