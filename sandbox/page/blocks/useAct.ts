import { useState } from 'react';
import type { Block } from '../../slack/page-api.ts';
import { useAsk } from '../parts/Asking.tsx';
import { useSurface } from './Surface.tsx';

export interface Act {
  /** The app has not answered yet. */
  busy: boolean;
  /** Why the last try failed, in words. */
  error: string | null;
  /** Asks first if the element (or the option) wants it. Resolves to false when the person said no. */
  act(payload: Record<string, unknown>, confirm?: Block): Promise<boolean>;
}

/** Sends what a person does with an element, and gives the outcome. */
export function useAct(blockId: string, element: Block): Act {
  const surface = useSurface();
  const ask = useAsk();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  const act = async (payload: Record<string, unknown>, confirm: Block | undefined = element.confirm) => {
    if (confirm && !(await ask(confirm))) return false;
    setBusy(true);
    setError(null);
    try {
      await surface.act(blockId, element, payload);
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
    } finally {
      setBusy(false);
    }
    return true;
  };
  return { busy, error, act };
}
