import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';

interface Props {
  anchor: RefObject<HTMLElement | null>;
  onClose(): void;
  children: ReactNode;
  className?: string;
  /** Which edge of the anchor the popup keeps to. */
  align?: 'left' | 'right';
  /** At least as wide as the anchor. */
  fit?: boolean;
}

const GAP = 4;
const MARGIN = 8;
/** An anchor that moved less has not moved. */
const STILL_PX = 2;

/**
 * A box in the browser's top layer beside its anchor, so that no scrolling list can cut it off, even inside a
 * dialog. A click elsewhere, Escape or a scroll that moves the anchor closes it.
 */
export function Popup({ anchor, onClose, children, className = '', align = 'left', fit }: Props): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<React.CSSProperties>({ opacity: 0 });
  const closing = useRef(onClose);
  closing.current = onClose;

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    if (!element.matches(':popover-open')) element.showPopover();
    const settle = () => {
      const at = anchor.current?.getBoundingClientRect();
      if (at) setPlace(placed(at, element.getBoundingClientRect(), align, fit ?? false));
    };
    settle();
    const watcher = new ResizeObserver(settle);
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [anchor, align, fit]);

  useEffect(() => {
    // News of a scroll may come when the scroll is over, and the box was opened after it.
    const top = () => anchor.current?.getBoundingClientRect().top ?? 0;
    const opened = top();
    const outside = (event: Event) => {
      const target = event.target as Node;
      if (!box.current?.contains(target) && !anchor.current?.contains(target)) closing.current();
    };
    const scrolled = (event: Event) => {
      const isOwn = box.current?.contains(event.target as Node) ?? false;
      if (!isOwn && Math.abs(top() - opened) > STILL_PX) closing.current();
    };
    document.addEventListener('pointerdown', outside, true);
    document.addEventListener('scroll', scrolled, true);
    return () => {
      document.removeEventListener('pointerdown', outside, true);
      document.removeEventListener('scroll', scrolled, true);
    };
  }, [anchor]);

  return (
    <div ref={box} popover="manual" className={`popup ${className}`} style={place}>
      {children}
    </div>
  );
}

function placed(at: DOMRect, box: DOMRect, align: 'left' | 'right', fit: boolean): React.CSSProperties {
  const below = innerHeight - at.bottom - MARGIN;
  const up = box.height > below && at.top > below;
  const wanted = align === 'right' ? at.right - box.width : at.left;
  const left = Math.max(MARGIN, Math.min(wanted, innerWidth - box.width - MARGIN));
  const room = Math.max(120, up ? at.top - MARGIN - GAP : below - GAP);
  return {
    left,
    maxHeight: room,
    ...(up ? { bottom: innerHeight - at.top + GAP } : { top: at.bottom + GAP }),
    ...(fit ? { minWidth: at.width } : {}),
  };
}
