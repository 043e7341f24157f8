import type { ReactNode } from 'react';
import { ActNote } from './ActNote.tsx';
import type { ElementProps } from './Element.tsx';
import { useSurface } from './Surface.tsx';
import { plain } from './Text.tsx';
import { useAct } from './useAct.ts';

const KINDS: Record<string, { input: string; key: string }> = {
  datepicker: { input: 'date', key: 'selected_date' },
  timepicker: { input: 'time', key: 'selected_time' },
  datetimepicker: { input: 'datetime-local', key: 'selected_date_time' },
};

/** Date, time, or both, with the browser's own picker. */
export function DateElement({ blockId, element, input }: ElementProps): ReactNode {
  const { values, set } = useSurface();
  const { error, act } = useAct(blockId, element);
  const kind = KINDS[element.type] ?? { input: 'date', key: 'selected_date' };
  const held = values[blockId]?.[element.action_id];
  const change = (text: string) => {
    const value = text === '' ? null : kind.input === 'datetime-local' ? Date.parse(text) / 1000 : text;
    set(blockId, element.action_id, { type: element.type, [kind.key]: value });
    if (!input?.quiet) void act({ [kind.key]: value });
  };
  return (
    <span className="acting">
      <input
        id={input?.id}
        className="field"
        type={kind.input}
        aria-label={input ? undefined : plain(element.placeholder) || 'Date'}
        aria-invalid={input?.wrong}
        value={shown(held?.[kind.key])}
        onChange={(event) => change(event.target.value)}
      />
      <ActNote error={error} />
    </span>
  );
}

function shown(value: unknown): string {
  if (typeof value !== 'number') return typeof value === 'string' ? value : '';
  const local = new Date(value * 1000 - new Date(value * 1000).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
