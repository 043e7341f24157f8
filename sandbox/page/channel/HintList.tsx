import { type ReactNode, useEffect, useRef } from 'react';
import { Avatar } from '../parts/Avatar.tsx';
import { ChannelIcon } from './ChannelIcon.tsx';
import type { Hint, Hints } from './hints.ts';

interface Props {
  /** For the ids of the options, which the text field points at. */
  id: string;
  hints: Hints;
  chosen: Hint | undefined;
  onTake(hint: Hint): void;
}

/** The list above the composer. The focus stays in the text field. */
export function HintList({ id, hints, chosen, onTake }: Props): ReactNode {
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another line is chosen, so it must be seen
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen?.key]);
  return (
    <div ref={list} className="hints" id={id} role="listbox" aria-label={hints.label}>
      {hints.list.map((hint) => (
        <button
          key={hint.key}
          id={`${id}-${hint.key}`}
          type="button"
          role="option"
          aria-selected={hint === chosen}
          tabIndex={-1}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onTake(hint)}
        >
          <span className="hint-line">
            {hint.person && <Avatar person={hint.person} size={20} />}
            {hint.channel && <ChannelIcon kind={hint.channel.kind} />}
            <strong>{hint.title}</strong> <span className="hint-usage">{hint.usage}</span>
            {hint.person?.is_bot && <span className="app-tag">APP</span>}
            {(hint.person || hint.channel) && <span className="hint-side">{hint.description}</span>}
          </span>
          {!hint.person && !hint.channel && <span className="hint-text">{hint.description}</span>}
        </button>
      ))}
    </div>
  );
}
