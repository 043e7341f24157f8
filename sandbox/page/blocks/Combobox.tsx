import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import type { Block } from '../../slack/page-api.ts';
import { Icon } from '../parts/Icon.tsx';
import { Popup } from '../parts/Popup.tsx';
import { Spinner } from '../parts/Spinner.tsx';

const PAUSE_MS = 150;

export interface Item {
  id: string;
  text: string;
  note?: string | undefined;
  group?: string | undefined;
  /** The option object, if the item is one. */
  option?: Block;
}

interface Props {
  id: string | undefined;
  label: string;
  placeholder: string;
  chosen: Item[];
  items: Item[];
  many: boolean;
  max: number | undefined;
  busy: boolean;
  wrong: boolean;
  /** Asks the app for options instead of filtering `items`. */
  search: ((typed: string) => Promise<Item[]>) | undefined;
  minLength: number;
  onChoose(chosen: Item[]): void;
}

/** A text field with a list below it: type to filter, arrows to move, Enter to choose. */
export function Combobox(props: Props): ReactNode {
  const { chosen, many, onChoose } = props;
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const found = useFound(props, open, typed);
  const box = useRef<HTMLDivElement>(null);
  const listId = useId();
  const single = many ? undefined : chosen[0];
  const isChosen = (item: Item) => chosen.some((one) => one.id === item.id);
  const full = many && props.max !== undefined && chosen.length >= props.max;

  const close = () => {
    setOpen(false);
    setTyped('');
    setActive(0);
  };
  const choose = (item: Item) => {
    if (!many) onChoose([item]);
    else if (isChosen(item)) onChoose(chosen.filter((one) => one.id !== item.id));
    else if (!full) onChoose([...chosen, item]);
    close();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const count = found.items.length;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!open) setOpen(true);
      else if (count > 0) setActive((active + (event.key === 'ArrowDown' ? 1 : count - 1)) % count);
    } else if (event.key === 'Enter' && open) {
      event.preventDefault();
      const item = found.items[active];
      if (item) choose(item);
    } else if (event.key === 'Escape' && open) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === 'Tab') {
      close();
    } else if (event.key === 'Backspace' && typed === '' && many) {
      onChoose(chosen.slice(0, -1));
    }
  };
  return (
    <div ref={box} className={`combobox ${props.wrong ? 'wrong' : ''}`}>
      {many &&
        chosen.map((item) => (
          <span key={item.id} className="pick">
            {item.text}
            <button
              type="button"
              aria-label={`Remove ${item.text}`}
              onClick={() => onChoose(chosen.filter((one) => one !== item))}
            >
              ×
            </button>
          </span>
        ))}
      <input
        id={props.id}
        role="combobox"
        aria-label={props.id ? undefined : props.label}
        aria-expanded={open}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={open && found.items[active] ? `${listId}-${active}` : undefined}
        aria-invalid={props.wrong}
        autoComplete="off"
        placeholder={single?.text ?? (many && chosen.length > 0 ? '' : props.placeholder)}
        value={open ? typed : (single?.text ?? '')}
        onClick={() => setOpen(true)}
        onBlur={(event) => {
          if (!box.current?.contains(event.relatedTarget)) close();
        }}
        onChange={(event) => {
          setTyped(event.target.value);
          setOpen(true);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      {props.busy ? <Spinner /> : <Icon name="down" size={14} />}
      {open && (
        <Popup anchor={box} onClose={close} fit className="menu">
          <div role="listbox" id={listId} aria-label={props.label}>
            {found.items.map((item, index) => (
              <div key={item.id} role="presentation">
                {item.group && item.group !== found.items[index - 1]?.group && (
                  <div className="menu-group" role="presentation">
                    {item.group}
                  </div>
                )}
                <div
                  id={`${listId}-${index}`}
                  role="option"
                  tabIndex={-1}
                  aria-selected={isChosen(item)}
                  className={index === active ? 'active' : ''}
                  onPointerMove={() => setActive(index)}
                  // This must come before the field loses the focus, which would close the list.
                  onPointerDown={(event) => {
                    event.preventDefault();
                    choose(item);
                  }}
                >
                  {item.text} {item.note && <span className="menu-note">{item.note}</span>}
                </div>
              </div>
            ))}
            {found.note && <div className="menu-empty">{found.note}</div>}
          </div>
        </Popup>
      )}
    </div>
  );
}

/** What the list shows for what was typed. */
function useFound(props: Props, open: boolean, typed: string): { items: Item[]; note: string | null } {
  const { search, items, minLength } = props;
  const [answer, setAnswer] = useState<{ items: Item[]; note: string | null }>({ items: [], note: null });
  const ask = useRef(search);
  ask.current = search;
  const remote = search !== undefined;

  useEffect(() => {
    if (!remote || !open) return;
    if (typed.length < minLength) {
      setAnswer({ items: [], note: `Type at least ${minLength} characters` });
      return;
    }
    let stale = false;
    const timer = setTimeout(async () => {
      setAnswer((old) => ({ items: old.items, note: 'Looking…' }));
      try {
        const found = (await ask.current?.(typed)) ?? [];
        if (!stale) setAnswer({ items: found, note: found.length > 0 ? null : 'Nothing found' });
      } catch (error) {
        if (!stale) setAnswer({ items: [], note: error instanceof Error ? error.message : String(error) });
      }
    }, PAUSE_MS);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [remote, open, typed, minLength]);

  if (remote) return answer;
  const wanted = typed.toLowerCase();
  const matching = items.filter((item) => `${item.text} ${item.note ?? ''}`.toLowerCase().includes(wanted));
  return { items: matching, note: matching.length > 0 ? null : 'Nothing found' };
}
