import type { ReactNode } from 'react';
import type { Trouble } from '../../trouble-types.ts';
import { api } from '../store/api.ts';
import { useDesk } from '../store/desk.ts';
import { NO_TROUBLE, troubleInWords } from './words.ts';

/** While something is unplugged, the whole window says so, so that nobody wonders why nothing works. */
export function TroubleBanner({ trouble, onChange }: { trouble: Trouble; onChange(): void }): ReactNode {
  const { complain } = useDesk();
  const words = troubleInWords(trouble);
  if (words === '') return null;
  return (
    <div className="trouble-banner" role="alert">
      <span className="trouble-banner-words" title={words}>
        <strong>Trouble is on:</strong> {words}
      </span>
      <button
        type="button"
        className="button small"
        onClick={() => api.trouble(NO_TROUBLE).then(onChange, complain)}
      >
        Everything works again
      </button>
    </div>
  );
}
