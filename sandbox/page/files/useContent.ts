import { useEffect, useState } from 'react';
import type { EditableFile } from '../../slack/page-api.ts';
import { useDesk } from '../store/desk.ts';
import { contentOf } from '../store/make.ts';

/** The content of a canvas or a list, once it is loaded. A refusal closes the window that asked. */
export function useContent(id: string, onClose: () => void): EditableFile | null {
  const { me, complain } = useDesk();
  const [content, setContent] = useState<EditableFile | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once; what is being written must not be replaced
  useEffect(() => {
    contentOf(me.id, id)
      .then(setContent)
      .catch((error) => {
        complain(error);
        onClose();
      });
  }, [id]);
  return content;
}
