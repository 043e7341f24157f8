import { type DragEvent, type ReactNode, useRef, useState } from 'react';

interface Props {
  /** Where the files would go, in words. */
  target: string;
  disabled: boolean;
  onFiles(files: File[]): void;
  children: ReactNode;
}

/** Takes files dropped anywhere on what it wraps, and says so while they hover. */
export function DropZone({ target, disabled, onFiles, children }: Props): ReactNode {
  const [over, setOver] = useState(false);
  // The pointer enters a child before it leaves the parent: only the count tells whether it is still inside.
  const depth = useRef(0);
  const carriesFiles = (event: DragEvent) => !disabled && event.dataTransfer.types.includes('Files');
  const leave = () => {
    depth.current = 0;
    setOver(false);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the upload button does the same
    <div
      className="drop-zone"
      data-testid="drop-zone"
      onDragEnter={(event) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        depth.current += 1;
        setOver(true);
      }}
      onDragOver={(event) => {
        if (carriesFiles(event)) event.preventDefault();
      }}
      onDragLeave={(event) => {
        if (!carriesFiles(event)) return;
        depth.current -= 1;
        if (depth.current <= 0) leave();
      }}
      onDrop={(event) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        leave();
        onFiles([...event.dataTransfer.files]);
      }}
    >
      {children}
      {over && (
        <div className="drop-overlay" data-testid="drop-overlay">
          <div>
            <span aria-hidden="true">📥</span>
            <strong>Upload to {target}</strong>
            <span>Several at once are welcome</span>
          </div>
        </div>
      )}
    </div>
  );
}
