import { type ReactNode, useEffect, useRef } from 'react';
import { StagedChips } from '../channel/StagedChips.tsx';
import { useStaged } from '../channel/useStaged.ts';
import type { ElementProps } from './Element.tsx';
import { useSurface } from './Surface.tsx';

/** Files chosen in a modal: uploaded at once, handed to the app when the modal is sent. */
export function FileInputElement({ blockId, element, input }: ElementProps): ReactNode {
  const { set } = useSurface();
  const staged = useStaged();
  const picker = useRef<HTMLInputElement>(null);
  const limit: number = element.max_files ?? 10;
  const uploaded = staged.files.flatMap((one) => (one.uploaded ? [one.uploaded] : []));
  const ids = uploaded.map((one) => one.id).join();

  // biome-ignore lint/correctness/useExhaustiveDependencies: the set of uploaded files is what matters
  useEffect(() => {
    if (ids !== '') set(blockId, element.action_id, { type: 'file_input', files: uploaded });
    else set(blockId, element.action_id, { type: 'file_input', files: [] });
  }, [ids]);

  return (
    <div className="file-input">
      <input
        ref={picker}
        id={input?.id}
        type="file"
        className="visually-hidden"
        multiple={limit > 1}
        accept={element.filetypes?.map((one: string) => `.${one}`).join()}
        onChange={(event) => {
          staged.add([...(event.target.files ?? [])].slice(0, limit - staged.files.length));
          event.target.value = '';
        }}
      />
      <button type="button" className="button" onClick={() => picker.current?.click()}>
        Choose {limit > 1 ? 'files' : 'a file'}
      </button>
      <StagedChips staged={staged} />
    </div>
  );
}
